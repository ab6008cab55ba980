package io.naru.core.configuration;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.NaruException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads typed values out of a decoded map and notes every mistake instead of stopping at one. */
final class DecodedValues {
  private final Map<String, @Nullable Object> values;
  private final List<ConfigurationMistake> mistakes = new ArrayList<>();

  DecodedValues(Map<String, ? extends @Nullable Object> values) {
    this.values = new LinkedHashMap<>(values);
  }

  void mistake(String key, String problem, String wouldBeRight) {
    mistakes.add(new ConfigurationMistake(key, problem, wouldBeRight));
  }

  boolean hasMistakes(String key) {
    return mistakes.stream().anyMatch(mistake -> mistake.key().equals(key));
  }

  List<ConfigurationMistake> mistakes() {
    return List.copyOf(mistakes);
  }

  void unknownKeys() {
    for (String key : values.keySet()) {
      if (!ConfigurationKey.ALL.contains(key)) {
        mistake(
            key,
            "there is no such key",
            ConfigurationKey.nearest(key)
                .map(known -> "did you mean " + known + "?")
                .orElse("the keys are " + String.join(", ", ConfigurationKey.ALL)));
      }
    }
  }

  /** A whole number within bounds; the fallback where the key is absent or wrong. */
  int integer(String key, int from, int to, int fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    Optional<BigInteger> number =
        switch (value) {
          case Byte n -> Optional.of(BigInteger.valueOf(n));
          case Short n -> Optional.of(BigInteger.valueOf(n));
          case Integer n -> Optional.of(BigInteger.valueOf(n));
          case Long n -> Optional.of(BigInteger.valueOf(n));
          case BigInteger n -> Optional.of(n);
          default -> Optional.empty();
        };
    String right = "write a whole number from " + from + " to " + to + ", like " + fallback;
    if (number.isEmpty()) {
      mistake(key, shown(value) + " is not a whole number", right);
      return fallback;
    }
    if (number.get().compareTo(BigInteger.valueOf(from)) < 0
        || number.get().compareTo(BigInteger.valueOf(to)) > 0) {
      mistake(key, number.get() + " is out of range", right);
      return fallback;
    }
    return number.get().intValueExact();
  }

  /** Yes or no; the fallback where the key is absent or wrong. */
  boolean choice(String key, boolean fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Boolean said) {
      return said;
    }
    mistake(key, shown(value) + " is neither true nor false", "write true or false");
    return fallback;
  }

  boolean has(String key) {
    return values.get(key) != null;
  }

  Optional<String> text(String key, String wouldBeRight) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text) {
      return Optional.of(text);
    }
    mistake(key, shown(value) + " is not text", wouldBeRight);
    return Optional.empty();
  }

  /** A list of prefixes; empty if the key is absent. Wrong elements are left out. */
  Optional<List<Prefix>> prefixes(String key, String example) {
    return list(key, example, "a block of addresses", Prefix::parse);
  }

  /** A list of addresses; empty if the key is absent. Wrong elements are left out. */
  Optional<List<IpAddress>> addresses(String key, String example) {
    return list(key, example, "an address", IpAddress::parse);
  }

  private <T> Optional<List<T>> list(
      String key, String example, String what, Function<String, T> parse) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    String right = "write a list like [" + example + "]";
    if (!(value instanceof List<?> elements)) {
      mistake(key, shown(value) + " is not a list", right);
      return Optional.of(List.of());
    }
    List<T> parsed = new ArrayList<>();
    for (Object element : elements) {
      if (element instanceof String text) {
        try {
          parsed.add(parse.apply(text));
        } catch (NaruException wrong) {
          String[] halves = wrong.sentence().split("; ", 2);
          mistake(key, halves[0], halves.length > 1 ? halves[1] : right);
        }
      } else {
        mistake(key, shown(element) + " is not " + what, right);
      }
    }
    return Optional.of(parsed);
  }

  static String shown(@Nullable Object value) {
    String text = String.valueOf(value);
    return "'" + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + "'";
  }
}
