package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.api.NodeRow;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code naru node export}: what a host without Naru must type to reach the nodes that run it. */
@Command(
    name = "export",
    description = {
      "Print the iproute2 commands that make a host without Naru reach every node that runs it.",
      "They may be run again at any time. What goes before them: docs/interoperation.md."
    })
final class NodeExport implements Runnable {
  @Spec CommandSpec spec;
  @Mixin AgentSource source;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "flannel.1",
      description = "the VXLAN device over there (default: ${DEFAULT-VALUE})")
  String device = "flannel.1";

  @Option(
      names = "--outer-ipv6",
      description = "that device's tunnel packets are IPv6 (default: IPv4)")
  boolean outerIpv6;

  @Override
  public void run() {
    List<NodeRow> rows = ListCommands.gathered(source.agents().subList(0, 1), AgentClient::nodes);
    PrintWriter out = spec.commandLine().getOut();
    rows.stream()
        .filter(row -> row.kind().equals("agent"))
        .forEach(row -> out.print(script(row, device, outerIpv6 ? IpFamily.IPV6 : IpFamily.IPV4)));
    out.flush();
  }

  /** The commands for one node; a comment where it has no address of that family. */
  static String script(NodeRow node, String device, IpFamily outer) {
    Optional<String> address =
        node.addresses().stream()
            .filter(text -> IpAddress.parse(text).family() == outer)
            .findFirst();
    if (address.isEmpty()) {
      return "# " + node.name() + " has no address of the tunnel's family\n";
    }
    StringBuilder script = new StringBuilder("# " + node.name() + "\n");
    script.append(
        "bridge fdb replace %s dev %s dst %s\n".formatted(node.vtepMac(), device, address.get()));
    for (String cidr : node.podCidrs()) {
      String gateway = Prefix.parse(cidr).address().toString();
      script.append(
          "ip neigh replace %s lladdr %s dev %s nud permanent\n"
              .formatted(gateway, node.vtepMac(), device));
      script.append("ip route replace %s via %s dev %s onlink\n".formatted(cidr, gateway, device));
    }
    return script.toString();
  }
}
