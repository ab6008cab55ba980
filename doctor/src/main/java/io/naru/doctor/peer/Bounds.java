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
  private static final int LONGEST_LIST = 5_000;
  private static final int LONGEST_SENTENCE = 2000;

  /** What a command may hold that people are told to type. */
  private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_. -]{0,500}");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,252}");

  private Bounds() {}

  static <T> List<T> list(@Nullable List<T> values, String what) {
    return list(values, LONGEST_LIST, what);
  }

  static <T> List<T> list(@Nullable List<T> values, int most, String what) {
    if (values == null || values.size() > most) {
      throw refused(what, values == null ? "is missing" : "is too long");
    }
    if (values.stream().anyMatch(Objects::isNull)) {
      throw refused(what, "holds nothing where something must be");
    }
    return List.copyOf(values);
  }

  static List<String> sentences(@Nullable List<String> values, String what) {
    List<String> sentences = list(values, what);
    sentences.forEach(sentence -> sentence(sentence, what));
    return sentences;
  }

  static Map<String, Long> counters(@Nullable Map<String, Long> values) {
    if (values == null || values.size() > LONGEST_LIST) {
      throw refused("counters", values == null ? "are missing" : "are too many");
    }
    values.keySet().forEach(name -> name(name, "counters"));
    if (values.values().stream().anyMatch(Objects::isNull)) {
      throw refused("counters", "hold nothing where a number must be");
    }
    return Map.copyOf(values);
  }

  static String name(@Nullable String value, String what) {
    if (value == null || !NAME.matcher(value).matches()) {
      throw refused(what, "is no name");
    }
    return value;
  }

  static String words(@Nullable String value, String what) {
    if (value == null || !WORDS.matcher(value).matches()) {
      throw refused(what, "is no name");
    }
    return value;
  }

  static String optionalName(@Nullable String value, String what) {
    return value != null && value.isEmpty() ? value : name(value, what);
  }

  static String sentence(@Nullable String value, String what) {
    if (value == null
        || value.length() > LONGEST_SENTENCE
        || value.chars().anyMatch(Character::isISOControl)) {
      throw refused(what, "is no sentence");
    }
    return value;
  }

  static void sentence(Optional<String> value, String what) {
    Objects.requireNonNull(value, what + " is missing").ifPresent(text -> sentence(text, what));
  }

  static int number(int value, int least, int most, String what) {
    if (value < least || value > most) {
      throw refused(what, "is not from " + least + " to " + most);
    }
    return value;
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

  static void drop(@Nullable RuleDrop drop) {
    if (drop == null) {
      throw refused("drops", "holds nothing where something must be");
    }
    words(drop.chain(), "drops.chain");
    words(drop.hook(), "drops.hook");
    sentence(drop.rule(), "drops.rule");
    sentence(drop.from(), "drops.from");
    sentence(drop.to(), "drops.to");
    sentences(drop.passed(), "drops.passed");
    Objects.requireNonNull(drop.handle(), "handle is missing")
        .ifPresent(handle -> words(handle, "drops.handle"));
  }

  static void filters(@Nullable OtherFilters filters) {
    if (filters == null) {
      throw refused("filters", "are missing");
    }
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
