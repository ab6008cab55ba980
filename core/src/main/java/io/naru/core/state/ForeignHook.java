package io.naru.core.state;

import java.util.Arrays;
import java.util.Optional;

/** Where a chain of somebody else's may drop what Naru needs to pass. */
public enum ForeignHook {
  /** What is sent on to others. */
  FORWARD("forward", "pod packets"),
  /** What is for the host itself. */
  INPUT("input", "pods' questions for names");

  private final String word;
  private final String passing;

  ForeignHook(String word, String passing) {
    this.word = word;
    this.passing = passing;
  }

  /** The hook that nft calls so, if it is one of these. */
  public static Optional<ForeignHook> named(String word) {
    return Arrays.stream(values()).filter(hook -> hook.word.equals(word)).findFirst();
  }

  /** What of Naru's passes there, in words. */
  public String passing() {
    return passing;
  }
}
