package io.naru.agent.kernel;

import io.naru.core.state.Operation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device that could not be made, and what would hang on it: the kernel would refuse all of that
 * too, and thousands of refusals would hide the one that matters.
 */
final class DeviceWait {
  private @Nullable Operation refused;
  private String why = "";
  private int waiting;

  void begin(Operation device, String reason) {
    refused = device;
    why = reason;
  }

  /** Whether an operation is left out; it is then counted. */
  boolean covers(Operation operation) {
    boolean covered =
        refused != null
            && refused.entry().device().isPresent()
            && refused.entry().device().equals(operation.entry().device());
    waiting += covered ? 1 : 0;
    return covered;
  }

  /** The one failure that stands for all of them. */
  Optional<KernelWriter.Failure> failure() {
    return Optional.ofNullable(refused)
        .map(
            device ->
                new KernelWriter.Failure(
                    device,
                    why + (waiting == 0 ? "" : " (" + waiting + " entries wait for it)"),
                    1 + waiting));
  }
}
