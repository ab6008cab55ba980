package io.naru.agent.kernel;

import io.naru.core.state.Operation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device that could not be made, and what would hang on it: the kernel would refuse all of that
 * too, and thousands of refusals would hide the one that matters.
 */
final class DeviceWait {
  private KernelWriter.@Nullable Failure refused;
  private int waiting;

  void begin(KernelWriter.Failure device) {
    refused = device;
  }

  /** Whether an operation is left out; it is then counted. */
  boolean covers(Operation operation) {
    boolean covered =
        refused != null
            && refused.operation().entry().device().isPresent()
            && refused.operation().entry().device().equals(operation.entry().device());
    waiting += covered ? 1 : 0;
    return covered;
  }

  /** The one failure that stands for all of them. */
  Optional<KernelWriter.Failure> failure() {
    return Optional.ofNullable(refused)
        .map(
            device ->
                new KernelWriter.Failure(
                    device.operation(),
                    device.why() + (waiting == 0 ? "" : " (" + waiting + " entries wait for it)"),
                    device.momentary(),
                    1 + waiting));
  }
}
