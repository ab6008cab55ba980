package io.naru.linux.netlink;

import java.util.List;
import java.util.function.Consumer;

/** How the end of an answer is read. */
public final class AnswerReading {
  private AnswerReading() {}

  /** The way; it may refuse. */
  public static final List<Consumer<NetlinkMessage>> WAYS = List.of(Answer::of);
}
