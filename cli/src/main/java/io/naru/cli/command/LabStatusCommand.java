package io.naru.cli.command;

import io.naru.channel.TcpAddress;
import io.naru.cli.output.Listing;
import io.naru.cli.output.Table;
import io.naru.lab.LabStatus;
import io.naru.lab.topology.FirewallPolicy;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code naru lab status}. */
@Command(name = "status", description = "What stands of a lab: nodes, pods, faults and their hits.")
final class LabStatusCommand implements Runnable {
  @Spec CommandSpec spec;
  @Mixin LabSource source;
  @Mixin OutputOption output;

  @Override
  public void run() {
    LabStatus status = source.lab().status();
    PrintWriter out = spec.commandLine().getOut();
    switch (output.format) {
      case TABLE -> print(out, status, Table.WIDTH);
      case WIDE -> print(out, status, Integer.MAX_VALUE);
      case JSON, YAML -> Listing.print(out, output.format, status, wide -> new Table("LAB"));
    }
    out.flush();
  }

  static void print(PrintWriter out, LabStatus status, int width) {
    String server = status.server().running() ? "answers" : "does not answer";
    out.println(
        ("lab " + status.name() + ", firewall " + status.firewall())
            + (status.firewall() == FirewallPolicy.OPEN
                ? ""
                : " (refused " + status.denied() + ")"));
    out.println(
        ("server " + server + " on ")
            + status.server().addresses().stream()
                .map(address -> new TcpAddress(address, status.server().port()).toString())
                .collect(Collectors.joining(" and ")));
    Table nodes = new Table("NODE", "SUBNET", "ADDRESSES", "AGENT");
    status
        .nodes()
        .forEach(
            node ->
                nodes.row(
                    node.name(),
                    node.subnet(),
                    Listing.joined(node.addresses().stream().map(Object::toString).toList()),
                    !node.running() ? "node is down" : node.agent() ? "answers" : "is down"));
    nodes.lines(width).forEach(out::println);
    if (!status.pods().isEmpty()) {
      Table pods = new Table("POD", "NODE", "ADDRESSES", "STATE");
      status
          .pods()
          .forEach(
              pod ->
                  pods.row(
                      pod.name(),
                      pod.node(),
                      Listing.joined(pod.addresses().stream().map(Object::toString).toList()),
                      pod.running() ? "runs" : "is down"));
      out.println();
      pods.lines(width).forEach(out::println);
    }
    if (!status.faults().isEmpty()) {
      Table faults = new Table("FAULT", "FROM", "TO", "HITS", "WHAT");
      status
          .faults()
          .forEach(
              fault ->
                  faults.row(
                      fault.fault(),
                      fault.from().orElse("any"),
                      fault.to().orElse("any"),
                      "" + fault.hits(),
                      fault.title()));
      out.println();
      faults.lines(width).forEach(out::println);
    }
  }
}
