package io.naru.lab.fault;

/** A fault that commands in nodes, pods and the fabric make, each with what takes it back. */
public sealed interface ScriptedFault extends Fault
    permits FdbMissing,
        FdbWrong,
        ForwardDrop,
        FragmentsDropped,
        HostInputDrop,
        HostOutputDrop,
        IpForwardOff,
        MtuFragmenting,
        MtuPodTooBig,
        NeighMissing,
        OuterChecksum,
        PolicyOnePort,
        RouteMissing,
        RpFilter,
        ServiceBroken,
        TunnelMismatch,
        UnderlayRejected,
        UnderlayShaped,
        VtepMacStale {
  /** What to do for one pair of nodes, given what their kernels hold now. */
  Injection injection(PairSight sight);

  /** What to do for all pairs of a direction. */
  default Injection injection(Direction direction, LabSight sight) {
    return Injection.all(
        direction.pairs(sight.topology()).stream().map(pair -> injection(sight.of(pair))).toList());
  }
}
