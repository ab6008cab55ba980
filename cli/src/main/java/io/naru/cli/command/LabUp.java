package io.naru.cli.command;

import io.naru.core.configuration.TransportPolicy;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import io.naru.lab.Progress;
import io.naru.lab.topology.Families;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabSpec;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code naru lab up}. */
@Command(name = "up", description = "Make a lab and wait until all its agents answer.")
final class LabUp implements Runnable {
  @Spec CommandSpec spec;

  @Option(names = "--name", defaultValue = "naru", description = "default: ${DEFAULT-VALUE}")
  String name = "naru";

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "2",
      description = "default: ${DEFAULT-VALUE}")
  int nodes;

  @Option(
      names = "--subnets",
      paramLabel = "M",
      defaultValue = "1",
      description = "nodes are spread over so many subnets (default: ${DEFAULT-VALUE})")
  int subnets;

  @Option(names = "--ipv6", description = "IPv6 beside IPv4, for nodes and pods")
  boolean ipv6;

  @Option(
      names = "--underlay",
      paramLabel = "FAMILIES",
      description = "addresses of the nodes: ipv4, ipv6 or dual (default: ipv4; dual with --ipv6)")
  @Nullable Families underlay;

  @Option(
      names = "--pods",
      paramLabel = "FAMILIES",
      description = "of the pods: ipv4, ipv6 or dual (default: ipv4; dual where nodes have IPv6)")
  @Nullable Families pods;

  @Option(
      names = "--transport",
      defaultValue = "vxlan",
      description = "auto, vxlan or direct (default: ${DEFAULT-VALUE})")
  TransportPolicy transport = TransportPolicy.VXLAN;

  @Option(
      names = "--datapath",
      defaultValue = "auto",
      description = "auto or kernel (default: ${DEFAULT-VALUE})")
  String datapath = "auto";

  @Option(
      names = "--firewall",
      defaultValue = "open",
      description = "what the cloud lets in: open or default-deny (default: ${DEFAULT-VALUE})")
  FirewallPolicy firewall = FirewallPolicy.OPEN;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "a key of the network's configuration, docs/configuration.md; may be repeated")
  Map<String, String> settings = new LinkedHashMap<>();

  @Override
  public void run() {
    RootRights.require("A lab is made of network namespaces");
    LabSpec wanted =
        new LabSpec(
            name,
            nodes,
            subnets,
            ipv6,
            transport.toString().toLowerCase(Locale.ROOT),
            datapath,
            firewall,
            Optional.ofNullable(underlay),
            Optional.ofNullable(pods),
            decoded(settings));
    long began = System.nanoTime();
    Progress progress = new ProgressLines(spec.commandLine().getErr());
    Lab lab = Lab.up(wanted, Programs.ofThisInstallation(), progress);
    Readiness.await(lab, progress);
    long millis = (System.nanoTime() - began) / 1_000_000;
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "The lab '%s' stands with %d nodes after %.1f s. Next: naru lab pod run web --node node1%n",
            lab.name(),
            nodes,
            millis / 1000.0);
  }

  /** Each value is YAML, as it would stand in the file. */
  private static Map<String, Object> decoded(Map<String, String> settings) {
    Map<String, Object> decoded = new LinkedHashMap<>();
    settings.forEach(
        (key, value) -> {
          if (key.equals("transport")) {
            throw new NaruException(ErrorCode.BAD_INPUT, "the transport is said with --transport");
          }
          decoded.put(key, ConfigurationText.value(key, value));
        });
    return decoded;
  }
}
