package io.naru.dns.cache;

import io.naru.dns.message.Answer;
import io.naru.dns.message.Known;
import io.naru.dns.message.Known.Origin;
import io.naru.dns.message.Known.Validity;
import io.naru.dns.message.Question;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.LongSupplier;

/**
 * Answers of upstreams, positive and negative (RFC 2308), for as long as their times to live say,
 * and for a day longer in case that upstreams are away (RFC 8767). It holds a bounded number of
 * answers and of bytes; what was not asked for longest goes first. Safe for many threads.
 */
public final class AnswerCache {
  /** What a stale answer says as its time to live: RFC 8767, section 4. */
  static final long STALE_SECONDS = 30;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** For so long nobody is asked again about a name after nobody answered: RFC 8767, section 5. */
  private static final long PAUSE = 30 * SECOND;

  private static final long STALE_FOR = Duration.ofDays(1).toNanos();

  /** So often it must have been found before it is renewed unasked. */
  private static final int POPULAR = 2;

  /** Bytes. Larger answers are rare, and each reading would keep the thread that receives busy. */
  static final int LARGEST = 4096;

  private final int largestCount;
  private final long largestWeight;
  private final LongSupplier clock;
  private final LinkedHashMap<Question, Entry> entries = new LinkedHashMap<>(256, 0.75f, true);
  private long weight;

  private static final class Entry {
    final Answer answer;
    final int weight;
    final long stored;
    final long expires;
    final long renewFrom;
    int found;
    boolean renewing;
    long pausedUntil = Long.MIN_VALUE;

    Entry(Answer answer, int weight, long stored, long seconds) {
      this.answer = answer;
      this.weight = weight;
      this.stored = stored;
      this.expires = stored + seconds * SECOND;
      this.renewFrom = expires - Math.max(SECOND, seconds * SECOND / 10);
    }
  }

  /**
   * An empty cache.
   *
   * @param largestCount answers
   * @param largestWeight bytes of messages; one answer takes a sixteenth of it and 4,096 at most
   * @param clock nanoseconds that never go back, from any zero
   */
  public AnswerCache(int largestCount, long largestWeight, LongSupplier clock) {
    this.largestCount = largestCount;
    this.largestWeight = largestWeight;
    this.clock = clock;
  }

  /** Keeps what an upstream said, if it may be kept. */
  public void put(Question question, Answer answer) {
    long seconds = Lifetime.of(answer);
    int bytes = answer.weight();
    long longest = answer.isNegative() ? seconds : Lifetime.LONGEST;
    Answer kept = answer.withTtls(ttl -> Math.min(ttl, longest));
    synchronized (entries) {
      remove(question);
      if (seconds > 0 && bytes <= Math.min(LARGEST, largestWeight / 16)) {
        entries.put(question, new Entry(kept, bytes, clock.getAsLong(), seconds));
        weight += bytes;
        shrink();
      }
    }
  }

  private void remove(Question question) {
    Entry before = entries.remove(question);
    if (before != null) {
      weight -= before.weight;
    }
  }

  private void shrink() {
    Iterator<Entry> eldest = entries.values().iterator();
    while ((entries.size() > largestCount || weight > largestWeight) && eldest.hasNext()) {
      weight -= eldest.next().weight;
      eldest.remove();
    }
  }

  /** Remembers that nobody answered a question. */
  public void failed(Question question) {
    synchronized (entries) {
      Entry entry = entries.get(question);
      if (entry != null) {
        entry.pausedUntil = clock.getAsLong() + PAUSE;
      }
    }
  }

  /** What is held for a question. */
  public Held find(Question question) {
    Entry entry;
    long now;
    boolean tried;
    boolean renew = false;
    boolean renewing;
    synchronized (entries) {
      now = clock.getAsLong();
      entry = entries.get(question);
      if (entry == null) {
        return new Held.Nothing();
      }
      if (now - entry.expires >= STALE_FOR) {
        remove(question);
        return new Held.Nothing();
      }
      entry.found++;
      if (now - entry.renewFrom >= 0 && !entry.renewing && entry.found >= POPULAR) {
        renew = true;
        entry.renewing = true;
      }
      renewing = entry.renewing;
      tried = entry.pausedUntil != Long.MIN_VALUE && now - entry.pausedUntil < 0;
    }
    if (now - entry.expires >= 0) {
      Answer old = entry.answer.withTtls(ttl -> STALE_SECONDS);
      return new Held.Stale(Known.once(old, Origin.STALE), tried);
    }
    long age = (now - entry.stored) / SECOND;
    Answer aged = entry.answer.withTtls(ttl -> Math.max(0, ttl - age));
    // From a full second on, so that whoever counts on from there counts as is counted here.
    long given = entry.stored + age * SECOND;
    Validity validity = validity(entry, now, given, renewing);
    return new Held.Fresh(new Known(aged, Origin.CACHE, validity), renew);
  }

  /** Close to its end it is given out once at a time, so that the cache sees who asks. */
  private static Validity validity(Entry entry, long now, long given, boolean renewing) {
    if (now - entry.renewFrom < 0) {
      return new Validity.Until(given, entry.renewFrom);
    }
    return renewing ? new Validity.Until(given, entry.expires) : new Validity.Once();
  }

  /** How many answers are held. */
  public int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  /** Forgets everything. */
  public void clear() {
    synchronized (entries) {
      entries.clear();
      weight = 0;
    }
  }
}
