package io.naru.doctor.peer;

import io.naru.core.diagnosis.CountedDrop;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.OtherFilters.AttachedProgram;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.text.Printable;
import java.util.List;
import java.util.Optional;

/**
 * Makes what one kernel showed fit for a look. A reader refuses a look that exceeds its bounds,
 * since it is somebody else's; the node itself must not, or one odd chain loses everything.
 *
 * @param notChecked takes a sentence for what is left out or altered
 */
public record Fitted(List<String> notChecked) {
  /** The same sentence once. */
  private void tell(String sentence) {
    if (!notChecked.contains(sentence)) {
      notChecked.add(sentence);
    }
  }

  /** As many as a look may hold. */
  public <T> List<T> list(List<T> values, String what) {
    return list(values, Bounds.LONGEST_LIST, what);
  }

  private <T> List<T> list(List<T> values, int most, String what) {
    if (values.size() <= most) {
      return List.copyOf(values);
    }
    tell("more than the first " + most + " of " + values.size() + " " + what);
    return List.copyOf(values.subList(0, most));
  }

  /** Whether an interface of that name can be written down. */
  public boolean isNamed(String device) {
    if (Bounds.isName(device)) {
      return true;
    }
    tell("the device " + sentence(device) + ": its name has characters that no look holds");
    return false;
  }

  /** What taps saw. */
  public List<Look.Seen> seen(List<Look.Seen> seen) {
    return list(seen, Look.MOST_SEEN, "echoes that its taps saw");
  }

  public List<IcmpError> errors(List<IcmpError> errors) {
    return list(errors, "ICMP errors that came");
  }

  public List<TunnelFrame> frames(List<TunnelFrame> frames) {
    return list(frames, "frames of its tunnels");
  }

  public List<TrialSighting> sightings(List<TrialSighting> sightings) {
    return list(sightings, "packets of pods that its taps saw");
  }

  /** Rules, with names that people can be told to type. */
  public List<RuleDrop> drops(List<RuleDrop> drops) {
    return list(drops.stream().map(this::drop).toList(), "rules that dropped packets");
  }

  private RuleDrop drop(RuleDrop drop) {
    String chain = words(drop.chain());
    // A command with another chain's name would be wrong: no handle, no command.
    Optional<String> handle = chain.equals(drop.chain()) ? drop.handle() : Optional.empty();
    return new RuleDrop(
        chain,
        words(drop.hook()),
        sentence(drop.rule()),
        handle.map(this::words),
        sentence(drop.from()),
        sentence(drop.to()),
        sentences(drop.passed(), "chains that a packet passed"));
  }

  public OtherFilters filters(OtherFilters filters) {
    return new OtherFilters(
        sentences(filters.legacyTables(), "tables of iptables-legacy"),
        list(
            filters.counted().stream()
                .map(counted -> new CountedDrop(drop(counted.rule()), counted.packets()))
                .toList(),
            "rules of iptables-legacy that dropped packets"),
        list(
            filters.programs().stream()
                .map(
                    program ->
                        new AttachedProgram(
                            sentence(program.device()),
                            sentence(program.place()),
                            sentence(program.name())))
                .toList(),
            "eBPF programs"),
        sentences(filters.unread(), "filters that could not be read"));
  }

  /** All that has been told meanwhile. */
  public List<String> told() {
    return sentences(List.copyOf(notChecked), "sentences like these");
  }

  private List<String> sentences(List<String> sentences, String what) {
    return list(sentences.stream().map(this::sentence).toList(), what);
  }

  private String sentence(String raw) {
    String plain = Printable.line(raw);
    if (plain.length() <= Bounds.LONGEST_SENTENCE) {
      return plain;
    }
    tell("the whole text of what is longer than " + Bounds.LONGEST_SENTENCE + " characters");
    return Printable.line(plain.substring(0, Bounds.LONGEST_SENTENCE - 1)) + "…";
  }

  private String words(String raw) {
    if (Bounds.isWords(raw)) {
      return raw;
    }
    String plain = raw.replaceAll("[^A-Za-z0-9_. -]", "_");
    String begun = plain.matches("[A-Za-z0-9_].*") ? plain : "_" + plain;
    tell(
        "the exact name of "
            + sentence(raw)
            + ": it is shown as "
            + begun.substring(0, Math.min(begun.length(), Bounds.LONGEST_WORDS)));
    return begun.substring(0, Math.min(begun.length(), Bounds.LONGEST_WORDS));
  }
}
