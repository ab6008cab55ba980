package io.naru.doctor.files;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.audit.AuditOptions;
import io.naru.doctor.audit.AuditReport;
import io.naru.doctor.audit.Need;
import io.naru.doctor.audit.Network;
import io.naru.doctor.audit.RulesetAudit;
import io.naru.doctor.audit.SecurityGroupAudit;
import io.naru.doctor.compare.CaptureComparison;
import io.naru.doctor.compare.CaptureSummary;
import io.naru.doctor.compare.Comparison;
import io.naru.doctor.compare.DirectionComparison;
import io.naru.doctor.verdict.Conclusions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** {@code naru doctor --files}: all that can be said without an agent, without root, from files. */
public final class FilesExamination {
  private FilesExamination() {}

  /**
   * Examines.
   *
   * @throws NaruException where a file cannot be read, or is nothing that is known
   */
  public static DoctorReport examine(List<Path> files, FilesOptions options) {
    FileSource source = new FileSource(options.vxlanPorts());
    files.forEach(source::add);
    GatheredFiles gathered = source.gathered();
    List<String> notExamined = new ArrayList<>(gathered.ignored);
    List<Comparison> comparisons = comparisons(gathered, options, notExamined);
    AuditOptions wanted = auditOptions(options, comparisons);
    return Conclusions.report(
        comparisons, audits(gathered, wanted, addresses(options, comparisons)), notExamined);
  }

  /**
   * Audits files alone: {@code naru audit}.
   *
   * @throws NaruException also where there is nothing to audit
   */
  public static List<AuditReport> audit(List<Path> files, FilesOptions options) {
    FileSource source = new FileSource(options.vxlanPorts());
    files.forEach(source::add);
    List<AuditReport> audits =
        audits(source.gathered(), auditOptions(options, List.of()), addresses(options, List.of()));
    if (audits.isEmpty()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "these files hold no rules to audit; give security groups, iptables-save or nft -j list"
              + " ruleset");
    }
    return audits;
  }

  /**
   * Compares two captures, of two files or of one of {@code naru capture}: {@code naru compare}.
   *
   * @throws NaruException where they cannot be read or compared
   */
  public static Comparison compare(List<Path> files, FilesOptions options) {
    FileSource source = new FileSource(options.vxlanPorts());
    files.forEach(source::add);
    List<CaptureSummary> captures = source.gathered().captures;
    if (captures.size() != 2) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          String.join(" and ", files.stream().map(Path::toString).toList())
              + " hold "
              + captures.size()
              + " captures; two are compared");
    }
    return CaptureComparison.compare(captures.get(0), captures.get(1), options.nodes());
  }

  /** Addresses by node, given or told from captures. */
  private static Map<String, Set<IpAddress>> addresses(
      FilesOptions options, List<Comparison> comparisons) {
    Map<String, Set<IpAddress>> addresses = new HashMap<>(options.nodes().addresses());
    for (Comparison comparison : comparisons) {
      addresses.putIfAbsent(comparison.first().node(), Set.copyOf(comparison.first().addresses()));
      addresses.putIfAbsent(
          comparison.second().node(), Set.copyOf(comparison.second().addresses()));
    }
    return addresses;
  }

  private static List<Comparison> comparisons(
      GatheredFiles gathered, FilesOptions options, List<String> notExamined) {
    List<CaptureSummary> captures = gathered.captures;
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < captures.size(); i++) {
      for (int j = i + 1; j < captures.size(); j++) {
        try {
          comparisons.add(
              CaptureComparison.compare(captures.get(i), captures.get(j), options.nodes()));
        } catch (NaruException notComparable) {
          notExamined.add(notComparable.sentence());
        }
      }
    }
    if (captures.size() == 1) {
      notExamined.add(
          captures.getFirst().name()
              + " is the only capture; where packets are lost shows in two, of both nodes, taken at"
              + " the same time");
    }
    return comparisons;
  }

  /** What must be open: the network's ports if it was named, else the tunnel's as captured. */
  private static AuditOptions auditOptions(FilesOptions options, List<Comparison> comparisons) {
    Set<IpAddress> addresses = new HashSet<>(options.allAddresses());
    Set<Integer> ports = new TreeSet<>();
    for (Comparison comparison : comparisons) {
      addresses.addAll(comparison.first().addresses());
      addresses.addAll(comparison.second().addresses());
      for (DirectionComparison direction : comparison.directions()) {
        ports.addAll(direction.tunnelPorts());
      }
    }
    AuditOptions wanted =
        options.network().isEmpty() && !ports.isEmpty()
            ? new AuditOptions(
                "the captured tunnel",
                ports.stream().map(Need::vxlan).toList(),
                List.of(),
                Set.of())
            : AuditOptions.of(options.network().orElse(Network.NARU));
    return wanted.withNodes(options.nodeGroups(), addresses);
  }

  private static List<AuditReport> audits(
      GatheredFiles gathered, AuditOptions options, Map<String, Set<IpAddress>> addresses) {
    List<AuditReport> audits = new ArrayList<>();
    for (GatheredFiles.Groups each : gathered.groups) {
      audits.add(SecurityGroupAudit.audit(each.groups(), options, each.file()));
    }
    for (GatheredFiles.HostRules each : gathered.rules) {
      Set<IpAddress> peers = new HashSet<>(options.nodeAddresses());
      peers.removeAll(addresses.getOrDefault(each.node(), Set.of()));
      audits.add(
          RulesetAudit.audit(each.ruleset(), options.withNodes(options.nodeGroups(), peers)));
    }
    return audits;
  }
}
