package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.judge.Diagnosis;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From looks to a report: the rules are those for Naru's own nodes. Pure. */
public final class PeerDiagnosis {
  private PeerDiagnosis() {}

  /**
   * The report.
   *
   * @param looks at least one, all of the same network
   * @param others names of nodes that were not looked at, by address
   * @param unasked nodes that could not be looked at, and why, a sentence each
   */
  public static DoctorReport of(
      List<Look> looks, Map<IpAddress, String> others, List<String> unasked) {
    NodeNames names = new NodeNames(distinct(looks), others);
    Differences compare = new Differences(names);
    Map<String, List<Difference>> differences = new LinkedHashMap<>();
    names.looks().forEach(look -> differences.put(look.node(), compare.of(look)));
    boolean comparedVni =
        differences.values().stream()
            .flatMap(List::stream)
            .anyMatch(difference -> difference.fault().equals("vni-mismatch"));
    Map<String, LookEvidence> byName = new LinkedHashMap<>();
    for (Look look : names.looks()) {
      byName.put(
          look.node(),
          new LookEvidence(
              look,
              PeerPaths.of(look, names),
              differences.getOrDefault(look.node(), List.of()),
              names,
              comparedVni));
    }
    List<NodeEvidence> evidence = byName.values().stream().map(LookEvidence::evidence).toList();
    DoctorReport report = Diagnosis.of(evidence, unasked);
    boolean blind = names.looks().stream().anyMatch(PeerDiagnosis::knowsNoEnds);
    return new PeerWords(byName)
        .of(
            new DoctorReport(
                report.healthy() && !blind,
                report.verdicts(),
                report.examined(),
                report.notExamined()));
  }

  /**
   * Where the other ends of a tunnel are in no table that could be read, nothing is known of it.
   */
  private static boolean knowsNoEnds(Look look) {
    return look.probes().isEmpty() && look.tunnels().stream().anyMatch(Tunnel::external);
  }

  /** Two hosts may have one name: then an address tells them apart. */
  private static List<Look> distinct(List<Look> looks) {
    Set<String> taken = new HashSet<>();
    List<Look> distinct = new ArrayList<>();
    for (Look look : looks) {
      String name = look.node();
      if (!taken.add(name)) {
        String longer =
            name
                + "-"
                + look.addresses().stream()
                    .findFirst()
                    .map(IpAddress::toString)
                    .orElse(String.valueOf(taken.size()));
        while (!taken.add(longer)) {
          longer = longer + "x";
        }
        name = longer;
      }
      distinct.add(look.named(name));
    }
    return distinct;
  }
}
