package io.naru.observe.trace;

import io.naru.core.address.IpAddress;
import io.naru.core.cluster.NodeName;
import io.naru.core.trace.ProbeKind;
import io.naru.core.trace.TraceEnd;
import io.naru.core.trace.TraceOrder;
import java.util.List;
import java.util.Optional;

/** An order from pod a (10.244.0.2) to pod b (10.244.1.2), port 80. */
final class TestOrder {
  static final int VXLAN_PORT = 8472;
  static final String MARKER = "0011223344556677";

  private TestOrder() {}

  static TraceOrder of(ProbeKind kind) {
    return new TraceOrder(
        MARKER,
        end("a", "node1", "10.244.0.2", "172.26.50.11"),
        end("b", "node2", "10.244.1.2", "172.26.50.12"),
        IpAddress.parse("10.244.0.2"),
        IpAddress.parse("10.244.1.2"),
        kind,
        kind == ProbeKind.ECHO ? 0 : 80,
        0,
        3,
        false);
  }

  private static TraceEnd end(String name, String node, String address, String underlay) {
    return new TraceEnd(
        name,
        TraceEnd.Kind.POD,
        Optional.of(new NodeName(node)),
        List.of(IpAddress.parse(address)),
        List.of(IpAddress.parse(underlay)));
  }
}
