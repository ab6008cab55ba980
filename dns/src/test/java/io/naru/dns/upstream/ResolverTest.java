package io.naru.dns.upstream;

import static io.naru.dns.FakeUpstream.answering;
import static io.naru.dns.FakeUpstream.reply;
import static io.naru.dns.FakeUpstream.silent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.dns.FakeUpstream;
import io.naru.dns.message.Answer;
import io.naru.dns.message.Question;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Asks real resolvers on the loopback, which misbehave. */
class ResolverTest {
  private static final Question WWW = question("www.example.com.");

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<Optional<Answer>> heard = new CopyOnWriteArrayList<>();

  private static Question question(String name) {
    return Question.of(Name.fromConstantString(name), Type.A);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private FakeUpstream upstream(FakeUpstream.Behaviour behaviour) throws IOException {
    FakeUpstream upstream = new FakeUpstream(behaviour);
    opened.add(upstream);
    return upstream;
  }

  private Resolver resolver(int mostUnderWay, FakeUpstream... upstreams) {
    Resolver resolver =
        new Resolver(
            Arrays.stream(upstreams).map(FakeUpstream::address).toList(),
            mostUnderWay,
            (question, answer) -> heard.add(answer));
    opened.add(resolver);
    return resolver;
  }

  private static Answer ask(Resolver resolver, Question question) throws Exception {
    return resolver.ask(question).get(20, TimeUnit.SECONDS);
  }

  private static List<String> data(Answer answer) {
    return answer.answers().stream().map(Record::rdataToString).toList();
  }

  private static byte[] otherId(byte[] message) {
    message[1] ^= 1;
    return message;
  }

  @Test
  void nobodyCanForetellIdPortAndLetters() throws Exception {
    FakeUpstream upstream = upstream(answering("300 A 192.0.2.1"));
    Resolver resolver = resolver(100, upstream);
    for (int i = 0; i < 40; i++) {
      ask(resolver, question("a-long-name-with-many-letters-" + i + ".example.com."));
    }
    assertThat(new HashSet<>(upstream.ports())).hasSizeGreaterThan(35);
    assertThat(upstream.heard().stream().map(it -> it.getHeader().getID()).distinct())
        .hasSizeGreaterThan(35);
    assertThat(upstream.heard().stream().map(it -> it.getQuestion().getName().toString()))
        .allMatch(name -> name.chars().anyMatch(Character::isUpperCase))
        .allMatch(name -> name.chars().anyMatch(Character::isLowerCase));
    assertThat(upstream.heard())
        .allSatisfy(it -> assertThat(it.getOPT().getPayloadSize()).isEqualTo(1232));
  }

  @Test
  void anAnswerUnderAnotherIdIsNotBelieved() throws Exception {
    FakeUpstream upstream =
        upstream(
            (query, overTcp) ->
                List.of(
                    otherId(reply(query, "300 A 203.0.113.66").toWire()),
                    reply(query, "300 A 192.0.2.1").toWire()));
    assertThat(data(ask(resolver(100, upstream), WWW))).containsExactly("192.0.2.1");
  }

  @Test
  void anAnswerToAnotherQuestionIsNotBelieved() throws Exception {
    FakeUpstream upstream =
        upstream(
            (query, overTcp) -> {
              Message other =
                  Message.newQuery(
                      Record.newRecord(Name.fromString("other.example.com."), Type.A, DClass.IN));
              other.getHeader().setID(query.getHeader().getID());
              return List.of(
                  reply(other, "300 A 203.0.113.66").toWire(),
                  new byte[] {1, 2, 3},
                  reply(query, "300 A 192.0.2.1").toWire());
            });
    assertThat(data(ask(resolver(100, upstream), WWW))).containsExactly("192.0.2.1");
  }

  @Test
  void anAnswerInOtherLettersIsAskedForOverTcp() throws Exception {
    FakeUpstream upstream =
        upstream(
            (query, overTcp) ->
                overTcp
                    ? List.of(reply(query, "300 A 192.0.2.1").toWire())
                    : List.of(inSmallLetters(query, "300 A 203.0.113.66")));
    assertThat(data(ask(resolver(100, upstream), WWW))).containsExactly("192.0.2.1");
  }

  private static byte[] inSmallLetters(Message query, String record) throws IOException {
    byte[] wire = reply(query, record).toWire();
    for (int i = 12; wire[i] != 0; i++) {
      wire[i] = (byte) Character.toLowerCase(wire[i]);
    }
    return wire;
  }

  @Test
  void aServerThatAltersLettersIsAskedWithoutThem() throws Exception {
    FakeUpstream upstream =
        upstream((query, overTcp) -> List.of(inSmallLetters(query, "300 A 192.0.2.1")));
    Resolver resolver = resolver(100, upstream);
    assertThat(data(ask(resolver, WWW))).containsExactly("192.0.2.1");
    int before = upstream.heard().size();
    assertThat(data(ask(resolver, question("mail.example.com.")))).containsExactly("192.0.2.1");
    assertThat(upstream.heard()).hasSize(before + 1);
  }

  @Test
  void anAnswerThatWasCutIsAskedForOverTcp() throws Exception {
    FakeUpstream upstream =
        upstream(
            (query, overTcp) -> {
              Message reply = reply(query, overTcp ? "300 A 192.0.2.1" : "300 A 203.0.113.66");
              if (!overTcp) {
                reply.getHeader().setFlag(Flags.TC);
              }
              return List.of(reply.toWire());
            });
    assertThat(data(ask(resolver(100, upstream), WWW))).containsExactly("192.0.2.1");
  }

  @Test
  void aServerWithoutExtensionsIsAskedWithoutThem() throws Exception {
    FakeUpstream upstream =
        upstream(
            (query, overTcp) -> {
              Message reply = reply(query);
              if (query.getOPT() == null) {
                return List.of(reply(query, "300 A 192.0.2.1").toWire());
              }
              reply.getHeader().setRcode(Rcode.FORMERR);
              reply.removeAllRecords(Section.QUESTION);
              return List.of(reply.toWire());
            });
    Resolver resolver = resolver(100, upstream);
    assertThat(data(ask(resolver, WWW))).containsExactly("192.0.2.1");
    ask(resolver, question("mail.example.com."));
    assertThat(upstream.heard()).hasSize(3);
  }

  @Test
  void whenOneIsSilentTheNextIsAskedAndFirstTheNextTime() throws Exception {
    FakeUpstream quiet = upstream(silent());
    FakeUpstream other = upstream(answering("300 A 192.0.2.1"));
    Resolver resolver = resolver(100, quiet, other);
    assertThat(data(ask(resolver, WWW))).containsExactly("192.0.2.1");
    assertThat(data(ask(resolver, question("mail.example.com.")))).containsExactly("192.0.2.1");
    assertThat(quiet.heard()).hasSize(1);
    assertThat(other.heard()).hasSize(2);
    assertThat(resolver.failures()).isEqualTo(1);
  }

  @Test
  void aLostDatagramIsAskedForAgain() throws Exception {
    FakeUpstream upstream = upstream(silent());
    FakeUpstream.Behaviour answers = answering("300 A 192.0.2.1");
    upstream.becomes(
        (query, overTcp) ->
            upstream.heard().size() == 1 ? List.of() : answers.answer(query, overTcp));
    assertThat(data(ask(resolver(100, upstream), WWW))).containsExactly("192.0.2.1");
    assertThat(upstream.heard()).hasSize(2);
  }

  @Test
  void aFailureIsAskedOfTheNextAndToldOnlyIfAllFail() throws Exception {
    FakeUpstream.Behaviour fails =
        (query, overTcp) -> {
          Message reply = reply(query);
          reply.getHeader().setRcode(Rcode.SERVFAIL);
          return List.of(reply.toWire());
        };
    FakeUpstream first = upstream(fails);
    FakeUpstream second = upstream(answering("300 A 192.0.2.1"));
    Resolver resolver = resolver(100, first, second);
    assertThat(data(ask(resolver, WWW))).containsExactly("192.0.2.1");
    second.becomes(fails);
    assertThat(ask(resolver, WWW).rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(heard).hasSize(2);
    assertThat(heard.getFirst()).isPresent();
    assertThat(heard.getLast()).isEmpty();
  }

  @Test
  void theSameQuestionIsAskedOnceAndNotTooManyAtATime() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    FakeUpstream upstream = upstream(silent());
    upstream.becomes(
        (query, overTcp) -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return List.of(reply(query, "300 A 192.0.2.1").toWire());
        });
    Resolver resolver = resolver(1, upstream);
    CompletableFuture<Answer> first = resolver.ask(WWW);
    CompletableFuture<Answer> same = resolver.ask(question("WWW.example.com."));
    assertThat(same).isSameAs(first);
    assertThatThrownBy(() -> ask(resolver, question("mail.example.com.")))
        .cause()
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXHAUSTED));
    Awaitility.await().until(() -> !upstream.heard().isEmpty());
    release.countDown();
    assertThat(data(first.get(20, TimeUnit.SECONDS))).containsExactly("192.0.2.1");
    Awaitility.await()
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(() -> !ask(resolver, question("mail.example.com.")).answers().isEmpty());
  }

  @Test
  void whenNobodyAnswersItIsToldWhoWasAsked() throws Exception {
    FakeUpstream gone = upstream(silent());
    gone.close();
    Resolver resolver = resolver(100, gone);
    assertThatThrownBy(() -> ask(resolver, WWW))
        .cause()
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining(gone.address().toString());
    assertThat(heard).containsExactly(Optional.empty());
  }

  @Test
  void whatNobodyAskedForIsLeftOut() throws Exception {
    FakeUpstream upstream =
        upstream(
            (query, overTcp) -> {
              Message reply = reply(query, "300 CNAME web.example.net.");
              for (String name : List.of("web.example.net.", "bank.example.org.")) {
                reply.addRecord(
                    Record.fromString(
                        Name.fromString(name), Type.A, DClass.IN, 60, "192.0.2.9", Name.root),
                    Section.ANSWER);
              }
              return List.of(reply.toWire());
            });
    assertThat(ask(resolver(100, upstream), WWW).answers())
        .extracting(it -> it.getName().toString(true))
        .containsExactly("www.example.com", "web.example.net");
  }
}
