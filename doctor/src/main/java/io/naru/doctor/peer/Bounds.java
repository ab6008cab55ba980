package io.naru.doctor.peer;

import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.OtherFilters.AttachedProgram;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a look may hold: it comes from files and other hosts, and is printed on terminals. */
final class Bounds {
  static final int LONGEST_LIST = 5_000;
  static final int LONGEST_SENTENCE = 2000;

  static final int LONGEST_WORDS = 501;

  /** What a command may hold that people are told to type. */
  private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_. -]{0,500}");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,252}");

  private Bounds() {}

  /** Also an {@code Optional} can be missing: its key is there, and says null. */
  static <T> T present(@Nullable T value, String what) {
    if (value == null) {
      throw refused(what, "is missing");
    }
    return value;
  }

  static <T> List<T> list(@Nullable List<T> values, String what) {
    return list(values, LONGEST_LIST, what);
  }

  static <T> List<T> list(@Nullable List<T> values, int most, String what) {
    List<T> there = present(values, what);
    if (there.size() > most) {
      throw refused(what, "is too long");
    }
    if (there.stream().anyMatch(Objects::isNull)) {
      throw refused(what, "holds nothing where something must be");
    }
    return List.copyOf(there);
  }

  static List<String> sentences(@Nullable List<String> values, String what) {
    List<String> sentences = list(values, what);
    sentences.forEach(sentence -> sentence(sentence, what));
    return sentences;
  }

  static Map<String, Long> counters(@Nullable Map<String, Long> values) {
    Map<String, Long> there = present(values, "counters");
    if (there.size() > LONGEST_LIST) {
      throw refused("counters", "are too many");
    }
    there.keySet().forEach(name -> name(name, "counters"));
    if (there.values().stream().anyMatch(Objects::isNull)) {
      throw refused("counters", "hold nothing where a number must be");
    }
    return Map.copyOf(there);
  }

  static void name(@Nullable String value, String what) {
    if (value == null || !NAME.matcher(value).matches()) {
      throw refused(what, "is no name");
    }
  }

  static boolean isWords(String value) {
    return WORDS.matcher(value).matches();
  }

  static void words(@Nullable String value, String what) {
    if (value == null || !isWords(value)) {
      throw refused(what, "is no name");
    }
  }

  /** Whether an interface of that name can be written down. */
  static boolean isName(String value) {
    return NAME.matcher(value).matches();
  }

  static void optionalName(@Nullable String value, String what) {
    if (!present(value, what).isEmpty()) {
      name(value, what);
    }
  }

  static void sentence(@Nullable String value, String what) {
    if (value == null
        || value.length() > LONGEST_SENTENCE
        || value.chars().anyMatch(Character::isISOControl)) {
      throw refused(what, "is no sentence");
    }
  }

  static void sentence(Optional<String> value, String what) {
    present(value, what).ifPresent(text -> sentence(text, what));
  }

  static void number(int value, int least, int most, String what) {
    if (value < least || value > most) {
      throw refused(what, "is not from " + least + " to " + most);
    }
  }

  static void error(IcmpError error) {
    sentence(error.from(), "icmpErrors.from");
    sentence(error.meaning(), "icmpErrors.meaning");
    sentence(error.about(), "icmpErrors.about");
  }

  static void frame(TunnelFrame frame) {
    sentence(frame.from(), "frames.from");
    sentence(frame.innerDestination(), "frames.innerDestination");
  }

  static void sighting(TrialSighting sighting) {
    sentence(sighting.from(), "sightings.from");
    sentence(sighting.to(), "sightings.to");
    name(sighting.tap(), "sightings.tap");
  }

  static void drop(@Nullable RuleDrop value) {
    RuleDrop drop = present(value, "drops");
    words(drop.chain(), "drops.chain");
    words(drop.hook(), "drops.hook");
    sentence(drop.rule(), "drops.rule");
    sentence(drop.from(), "drops.from");
    sentence(drop.to(), "drops.to");
    sentences(drop.passed(), "drops.passed");
    present(drop.handle(), "drops.handle").ifPresent(handle -> words(handle, "drops.handle"));
  }

  static void filters(@Nullable OtherFilters value) {
    OtherFilters filters = present(value, "filters");
    sentences(filters.legacyTables(), "filters.legacyTables");
    sentences(filters.unread(), "filters.unread");
    list(filters.counted(), "filters.counted").forEach(counted -> drop(counted.rule()));
    for (AttachedProgram program : list(filters.programs(), "filters.programs")) {
      sentence(program.device(), "filters.device");
      sentence(program.place(), "filters.place");
      sentence(program.name(), "filters.name");
    }
  }

  private static NaruException refused(String what, String why) {
    return new NaruException(ErrorCode.MALFORMED, what + " " + why);
  }
}
