package io.naru.dns.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.dns.message.Answer;
import io.naru.dns.message.Known;
import io.naru.dns.message.Known.Validity;
import io.naru.dns.message.Question;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What is kept, for how long, and what is given out of it. Time passes when a test says so. */
class AnswerCacheTest {
  private static final String SOA = "SOA ns.example.com. admin.example.com. 1 2 3 4 ";

  private long now = Duration.ofDays(-300).toNanos();
  private final AnswerCache cache = new AnswerCache(100, 1 << 20, () -> now);

  private void after(long seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  private static Question question(String name) {
    return Question.of(Name.fromConstantString(name), Type.A);
  }

  private static final Question WWW = question("www.example.com.");

  private static List<Record> records(String... texts) {
    return Arrays.stream(texts).map(AnswerCacheTest::record).toList();
  }

  /** {@code TTL TYPE DATA}. */
  private static Record record(String text) {
    String[] parts = text.split(" ", 3);
    try {
      return Record.fromString(
          Name.fromConstantString("www.example.com."),
          Type.value(parts[1]),
          DClass.IN,
          Long.parseLong(parts[0]),
          parts[2],
          Name.root);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Answer positive(String... texts) {
    return new Answer(Rcode.NOERROR, false, false, records(texts), List.of(), List.of());
  }

  private static Answer negative(int rcode, String... authority) {
    return new Answer(rcode, false, false, List.of(), records(authority), List.of());
  }

  private Known fresh(Question question) {
    assertThat(cache.find(question)).isInstanceOf(Held.Fresh.class);
    return ((Held.Fresh) cache.find(question)).known();
  }

  private static List<Long> ttls(List<Record> records) {
    return records.stream().map(Record::getTTL).toList();
  }

  @Test
  void timesToLiveRunDownUntilTheShortestIsOver() {
    cache.put(WWW, positive("300 A 192.0.2.1", "60 A 192.0.2.2"));
    assertThat(ttls(fresh(WWW).answer().answers())).containsExactly(300L, 60L);
    after(59);
    assertThat(ttls(fresh(WWW).answer().answers())).containsExactly(241L, 1L);
    after(1);
    assertThat(cache.find(WWW)).isInstanceOf(Held.Stale.class);
  }

  @Test
  void aQuestionInOtherLettersIsTheSame() {
    cache.put(WWW, positive("300 A 192.0.2.1"));
    assertThat(fresh(question("WWW.Example.COM.")).answer().answers()).hasSize(1);
    assertThat(cache.find(Question.of(WWW.name(), Type.AAAA))).isInstanceOf(Held.Nothing.class);
    assertThat(cache.find(new Question(WWW.name(), Type.A, true, false)))
        .isInstanceOf(Held.Nothing.class);
  }

  @Test
  void thatThereIsNothingIsKeptForAsLongAsTheZoneSays() {
    cache.put(WWW, negative(Rcode.NXDOMAIN, "3000 " + SOA + "20"));
    Answer answer = fresh(WWW).answer();
    assertThat(answer.rcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(ttls(answer.authority())).containsExactly(20L);
    after(19);
    assertThat(ttls(fresh(WWW).answer().authority())).containsExactly(1L);
    after(1);
    assertThat(cache.find(WWW)).isInstanceOf(Held.Stale.class);
  }

  @Test
  void thatThereIsNothingOfThatTypeIsKeptToo() {
    cache.put(WWW, negative(Rcode.NOERROR, "10 " + SOA + "3600"));
    after(9);
    assertThat(fresh(WWW).answer().rcode()).isEqualTo(Rcode.NOERROR);
    after(1);
    assertThat(cache.find(WWW)).isInstanceOf(Held.Stale.class);
  }

  @Test
  void anAliasThatLeadsToNothingIsKeptAsLongAsBothSay() {
    Answer dangling =
        new Answer(
            Rcode.NXDOMAIN,
            false,
            false,
            records("300 CNAME gone.example.com."),
            records("300 " + SOA + "30"),
            List.of());
    cache.put(WWW, dangling);
    after(29);
    assertThat(cache.find(WWW)).isInstanceOf(Held.Fresh.class);
    after(1);
    assertThat(cache.find(WWW)).isInstanceOf(Held.Stale.class);
  }

  @Test
  void whatMayNotBeKeptIsNot() {
    for (Answer each :
        List.of(
            negative(Rcode.NXDOMAIN),
            negative(Rcode.NOERROR),
            negative(Rcode.SERVFAIL, "300 " + SOA + "300"),
            negative(Rcode.REFUSED),
            positive("0 A 192.0.2.1"))) {
      cache.put(WWW, each);
      assertThat(cache.find(WWW)).as(each.toString()).isInstanceOf(Held.Nothing.class);
    }
  }

  @Test
  void longTimesToLiveAreCut() {
    cache.put(WWW, positive("2000000000 A 192.0.2.1"));
    assertThat(ttls(fresh(WWW).answer().answers())).containsExactly(86400L);
    after(86400);
    assertThat(cache.find(WWW)).isInstanceOf(Held.Stale.class);
  }

  @Test
  void whatIsOverIsThereForADayInCaseNobodyAnswers() {
    cache.put(WWW, positive("300 A 192.0.2.1"));
    after(300);
    assertThat(cache.find(WWW))
        .isInstanceOfSatisfying(
            Held.Stale.class,
            stale -> {
              assertThat(stale.tried()).isFalse();
              assertThat(ttls(stale.known().answer().answers())).containsExactly(30L);
              assertThat(stale.known().validity()).isEqualTo(new Validity.Once());
            });
    cache.failed(WWW);
    after(29);
    assertThat(cache.find(WWW))
        .isInstanceOfSatisfying(Held.Stale.class, stale -> assertThat(stale.tried()).isTrue());
    after(1);
    assertThat(cache.find(WWW))
        .isInstanceOfSatisfying(Held.Stale.class, stale -> assertThat(stale.tried()).isFalse());
    after(86400);
    assertThat(cache.find(WWW)).isInstanceOf(Held.Nothing.class);
    assertThat(cache.size()).isZero();
  }

  @Test
  void whatIsAskedForOftenIsRenewedOnceBeforeItIsOver() {
    cache.put(WWW, positive("100 A 192.0.2.1"));
    assertThat(cache.find(WWW)).isInstanceOfSatisfying(Held.Fresh.class, this::isNotRenewed);
    after(89);
    assertThat(cache.find(WWW)).isInstanceOfSatisfying(Held.Fresh.class, this::isNotRenewed);
    after(1);
    assertThat(cache.find(WWW))
        .isInstanceOfSatisfying(Held.Fresh.class, it -> assertThat(it.renew()).isTrue());
    assertThat(cache.find(WWW)).isInstanceOfSatisfying(Held.Fresh.class, this::isNotRenewed);
  }

  private void isNotRenewed(Held.Fresh fresh) {
    assertThat(fresh.renew()).isFalse();
  }

  @Test
  void whatIsAskedForSeldomIsNotRenewed() {
    cache.put(WWW, positive("100 A 192.0.2.1"));
    after(95);
    assertThat(cache.find(WWW))
        .isInstanceOfSatisfying(
            Held.Fresh.class,
            it -> {
              assertThat(it.renew()).isFalse();
              // Whoever answers must come back to tell that it was asked for again.
              assertThat(it.known().validity()).isEqualTo(new Validity.Once());
            });
    assertThat(cache.find(WWW))
        .isInstanceOfSatisfying(Held.Fresh.class, it -> assertThat(it.renew()).isTrue());
  }

  @Test
  void whatWasAskedForLongestAgoMakesRoom() {
    for (int i = 0; i < 100; i++) {
      cache.put(question("n" + i + ".example.com."), positive("300 A 192.0.2.1"));
    }
    cache.find(question("n0.example.com."));
    cache.put(WWW, positive("300 A 192.0.2.1"));
    assertThat(cache.size()).isEqualTo(100);
    assertThat(cache.find(question("n0.example.com."))).isInstanceOf(Held.Fresh.class);
    assertThat(cache.find(question("n1.example.com."))).isInstanceOf(Held.Nothing.class);
  }

  @Test
  void bytesAreBoundedToo() {
    AnswerCache small = new AnswerCache(1000, 16 * 60, () -> now);
    for (int i = 0; i < 100; i++) {
      small.put(question("n" + i + ".example.com."), positive("300 A 192.0.2.1"));
    }
    assertThat(small.size()).isBetween(10, 30);
    small.put(WWW, positive("300 A 192.0.2.1", "300 A 192.0.2.2", "300 A 192.0.2.3"));
    assertThat(small.find(WWW)).isInstanceOf(Held.Nothing.class);
  }

  @Property(tries = 300)
  void nobodyIsToldMoreTimeThanIsLeft(
      @ForAll @IntRange(min = 1, max = 200_000) int ttl,
      @ForAll @IntRange(min = 0, max = 300_000) int age) {
    cache.put(WWW, positive(ttl + " A 192.0.2.1"));
    after(age);
    long kept = Math.min(ttl, 86400);
    if (age < kept) {
      Known known = fresh(WWW);
      assertThat(ttls(known.answer().answers())).containsExactly(kept - age);
      if (known.validity() instanceof Validity.Until(long given, long until)) {
        assertThat(until - now).isLessThanOrEqualTo(Duration.ofSeconds(kept - age).toNanos());
      }
    } else {
      assertThat(cache.find(WWW)).isNotInstanceOf(Held.Fresh.class);
    }
  }
}
