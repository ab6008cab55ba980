package io.naru.dns.message;

import java.util.Objects;

/**
 * An answer, and how long the same one may be given again without looking.
 *
 * @param origin where it comes from
 * @param validity how long it stays true
 */
public record Known(Answer answer, Origin origin, Validity validity) {
  public Known {
    Objects.requireNonNull(answer, "answer is missing");
    Objects.requireNonNull(origin, "origin is missing");
    Objects.requireNonNull(validity, "validity is missing");
  }

  /** Where an answer comes from. */
  public enum Origin {
    /** The cluster's own names. */
    CLUSTER,
    /** It was asked before. */
    CACHE,
    /** It was asked before, its time is over, and nobody answers now (RFC 8767). */
    STALE,
    /** An upstream, just now. */
    UPSTREAM,
    /** Nobody: it is a failure. */
    NOBODY
  }

  /** How long an answer stays true. */
  public sealed interface Validity {
    /** It is for the one who asked. */
    record Once() implements Validity {}

    /**
     * It stays true, its times to live too, while whoever answers has the same generation.
     *
     * @param generation compared by reference
     */
    record Generation(Object generation) implements Validity {}

    /**
     * It stays true for a while, and its times to live run down from the moment it was given.
     *
     * @param given on the clock of whoever answers, in nanoseconds
     * @param until the same
     */
    record Until(long given, long until) implements Validity {}
  }

  /** An answer for the one who asked. */
  public static Known once(Answer answer, Origin origin) {
    return new Known(answer, origin, new Validity.Once());
  }
}
