package io.naru.core.diagnosis;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Packet filters of a node that nftables does not show: iptables of the old kind (legacy), and eBPF
 * programs on its interfaces to other nodes.
 *
 * @param legacyTables those that are loaded, like {@code iptables-legacy filter}
 * @param counted their rules that dropped something meanwhile
 * @param programs eBPF programs, which may drop what they like
 * @param unread what could not be read, a sentence each
 */
public record OtherFilters(
    List<String> legacyTables,
    List<CountedDrop> counted,
    List<AttachedProgram> programs,
    List<String> unread) {
  /** None there. */
  public static final OtherFilters NONE =
      new OtherFilters(List.of(), List.of(), List.of(), List.of());

  public OtherFilters {
    legacyTables = List.copyOf(legacyTables);
    counted = List.copyOf(counted);
    programs = List.copyOf(programs);
    unread = List.copyOf(unread);
  }

  /**
   * What sees each packet of an interface.
   *
   * @param device the interface
   * @param place what it is, like {@code XDP program}
   * @param name as its author called it
   */
  public record AttachedProgram(String device, String place, String name) {
    private String doubt(String node) {
      return "whether " + place + " " + name + " on " + node + "'s " + device + " drops them";
    }
  }

  /** Of the rules that dropped such a packet, the one that dropped most. */
  public Optional<CountedDrop> dropped(String hook, Flow flow) {
    return counted.stream()
        .filter(each -> each.rule().hook().equals(hook) && each.concerns(flow))
        .max(Comparator.comparing(CountedDrop::packets));
  }

  /** What may have dropped a node's packets and was not looked into. */
  public List<String> suspects(String node) {
    return Stream.concat(
            programs.stream().map(program -> program.doubt(node)),
            unread.stream().map(each -> node + ": " + each))
        .toList();
  }

  /** Of those, the ones that see packets before a tap does. */
  public Stream<String> beforeTaps(String node) {
    return programs.stream()
        .filter(program -> program.place().startsWith("XDP"))
        .map(program -> program.doubt(node));
  }
}
