package io.naru.lab.fault;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.VxlanPort;
import java.util.List;
import java.util.stream.Collectors;

/** The faults that a lab knows. */
public final class Faults {
  private static final List<Fault> ALL =
      List.of(
          new UnderlayPortBlocked(),
          new UnderlayReturnBlocked(),
          new UnderlayAllUdpBlocked(),
          new UnderlayRejected(),
          new UnderlayNoPath(),
          new MtuHole(),
          new FragmentsDropped(),
          new MtuFragmenting(),
          new MtuPodTooBig(),
          new UnderlayLoss(),
          new UnderlayFlowLoss(),
          new UnderlayShaped(),
          new UnderlayPoliced(),
          new OuterEcnMarked(),
          new OuterChecksum(),
          new HostInputDrop(),
          new HostOutputDrop(),
          new ForwardDrop(),
          new IpForwardOff(),
          new RpFilter(),
          TunnelMismatch.vni(4242),
          TunnelMismatch.port(VxlanPort.STANDARD),
          new FdbMissing(),
          new FdbWrong(),
          new NeighMissing(),
          new VtepMacStale(),
          new RouteMissing(),
          ImpossibleFault.podCidrDuplicate(),
          new DirectRouteRefused(),
          new PolicyOnePort(),
          new ServiceBroken());

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
