package io.naru.lab.fault;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import java.util.stream.Collectors;

/** The faults that a lab knows. */
public final class Faults {
  private static final List<Fault> ALL =
      List.of(
          new UnderlayPortBlocked(),
          new UnderlayReturnBlocked(),
          new UnderlayAllUdpBlocked(),
          new UnderlayNoPath(),
          new DirectRouteRefused(),
          new MtuHole(),
          new UnderlayLoss(),
          new HostInputDrop(),
          new IpForwardOff(),
          new FdbMissing(),
          ImpossibleFault.podCidrDuplicate());

  private Faults() {}

  public static List<Fault> all() {
    return ALL;
  }

  /** The fault of that name; an unknown one is refused. */
  public static Fault byId(String id) {
    return ALL.stream()
        .filter(fault -> fault.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.NOT_FOUND,
                    "no fault is named '"
                        + id
                        + "'; there are "
                        + ALL.stream().map(Fault::id).collect(Collectors.joining(", "))));
  }
}
