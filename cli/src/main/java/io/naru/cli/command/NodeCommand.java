package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru node list|add|export|rm|pause|resume}. */
@Command(
    name = "node",
    description = "The nodes of the cluster.",
    subcommands = {
      ListCommands.NodeList.class,
      NodeCommand.Add.class,
      NodeExport.class,
      NodeCommand.Remove.class,
      NodePause.Begin.class,
      NodePause.End.class
    })
final class NodeCommand extends Group {
  /** Registers tunnel end points that run no Naru, on the server's host. */
  @Command(
      name = "add",
      description = {
        "Register a VXLAN tunnel end point that runs no Naru, or change what is registered.",
        "Type it on the server's host. What to type on the other one: docs/interoperation.md."
      },
      footer = {
        "A file is a YAML or JSON list with an entry for each node:",
        "  - {name: edge1, addresses: [192.0.2.7], vtepMac: '02:00:00:00:00:07',",
        "     podCidrs: [10.244.200.0/24]}",
        "All its entries are registered, or none."
      })
  static final class Add implements Runnable {
    @Spec CommandSpec spec;
    @Mixin ServerSource server;

    @Parameters(paramLabel = "NAME", arity = "0..1")
    @Nullable String name;

    @Option(
        names = "--address",
        paramLabel = "ADDRESS",
        description = "where tunnel packets for it go; once for each family")
    List<String> addresses = new ArrayList<>();

    @Option(
        names = "--vtep-mac",
        paramLabel = "MAC",
        description = "the MAC address of its VXLAN device")
    @Nullable String vtepMac;

    @Option(
        names = "--pod-cidr",
        paramLabel = "CIDR",
        description = "the block behind it, of any length; once for each family")
    List<String> podCidrs = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "register many at once")
    @Nullable Path file;

    @Override
    public void run() {
      List<ForeignNode> nodes = file == null ? List.of(fromOptions()) : fromFile(file);
      try (var store = server.open("The server registers nodes for nobody else")) {
        store.registerForeignNodes(nodes);
      }
      spec.commandLine()
          .getOut()
          .println(
              nodes.size() == 1
                  ? "Node " + nodes.getFirst().name() + " is registered."
                  : nodes.size() + " nodes are registered.");
    }

    private ForeignNode fromOptions() {
      if (name == null || vtepMac == null || addresses.isEmpty() || podCidrs.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "give NAME, --address, --vtep-mac and --pod-cidr, or --file FILE");
      }
      return new ForeignNode(
          new NodeName(name),
          addresses.stream().map(IpAddress::parse).toList(),
          MacAddress.parse(vtepMac),
          podCidrs.stream().map(Prefix::parse).toList());
    }

    private List<ForeignNode> fromFile(Path given) {
      if (name != null || vtepMac != null || !addresses.isEmpty() || !podCidrs.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "--file FILE says all of its nodes; give nothing beside it");
      }
      return ForeignNodeFile.read(given);
    }
  }

  /** Forgets a node that will not come back, on the server's host. */
  @Command(
      name = "rm",
      description = {
        "Forget a node that runs no Naru, or whose agent will not come back: its pods' addresses,"
            + " its key.",
        "Type it on the server's host. A node whose agent runs leaves with: naru clean, typed there."
      })
  static final class Remove implements Runnable {
    @Spec CommandSpec spec;
    @Mixin ServerSource server;

    @Parameters(paramLabel = "NAME")
    String node = "";

    @Option(
        names = "--force",
        description = "also a node whose agent is connected: it is cut off from the cluster")
    boolean force;

    @Override
    public void run() {
      NodeName name = new NodeName(node);
      try (var store = server.open("The server forgets nodes for nobody else")) {
        if (!force && server.isThisHosts()) {
          refuseThisNode(name);
        }
        store.removeNode(name, force);
      }
      spec.commandLine().getOut().println("Node " + node + " is forgotten.");
    }

    /** The agent of the server's own host is not known to the server by its name. */
    private static void refuseThisNode(NodeName name) {
      AgentClient agent = AgentClient.local();
      if (agent.answers() && agent.status().node().equals(name.text())) {
        throw new NaruException(
            ErrorCode.CONFLICT,
            "the agent of node "
                + name
                + " runs on this host; to take it out of the cluster, stop it and type: naru clean");
      }
    }
  }
}
