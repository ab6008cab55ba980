package io.naru.doctor.ends;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Addresses of pods as one line between {@code naru collect} and who asked for it. */
public final class PodWords {
  /** No line is longer, in bytes. */
  public static final int LONGEST = 1 << 16;

  private static final int MOST = 1000;

  private PodWords() {}

  /** The line. */
  public static String text(List<IpAddress> pods) {
    return pods.stream().limit(MOST).map(IpAddress::toString).collect(Collectors.joining(" "));
  }

  /** The addresses that a line says; words that are none are left out. */
  public static List<IpAddress> parse(String line) {
    List<IpAddress> pods = new ArrayList<>();
    for (String word : line.strip().split(" ", MOST + 1)) {
      try {
        pods.add(IpAddress.parse(word));
      } catch (NaruException noAddress) {
        // Another version's word.
      }
    }
    return pods.stream().limit(MOST).toList();
  }
}
