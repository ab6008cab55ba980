package io.naru.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.dns.message.Answer;
import io.naru.dns.message.Known;
import io.naru.dns.message.Known.Validity;
import io.naru.dns.message.Question;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Answers that go out again as bytes. */
class TableTest {
  private static final Object GENERATION = new Object();
  private static final long SECOND = 1_000_000_000L;

  private final Table table = new Table();

  private static byte[] query(int id, String name) {
    Message query = new Message(id);
    query.addRecord(
        Record.newRecord(Name.fromConstantString(name), Type.A, DClass.IN), Section.QUESTION);
    return query.toWire();
  }

  private void put(byte[] query, Validity validity, int addresses) {
    if (!(Incoming.read(query, query.length) instanceof Incoming.Request request)) {
      throw new AssertionError("no query");
    }
    Question question = request.question();
    List<Record> records = new ArrayList<>();
    for (int i = 0; i < addresses; i++) {
      byte[] address = {10, 0, 0, (byte) i};
      records.add(new ARecord(question.name(), DClass.IN, 30, address));
    }
    Answer answer = new Answer(Rcode.NOERROR, false, false, records, List.of(), List.of());
    assertThat(table.look(query, query.length)).isTrue();
    List<byte[]> turns = new ArrayList<>();
    for (int turn = 0; turn < addresses; turn++) {
      turns.add(Outgoing.message(request, answer, turn, 1232));
    }
    table.put(new Encoded(table.key(), new Known(answer, Known.Origin.CACHE, validity), turns));
  }

  private Encoded find(byte[] query, long now) {
    assertThat(table.look(query, query.length)).isTrue();
    return table.find(GENERATION, now);
  }

  private Message answer(byte[] query, long now) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(1232);
    find(query, now).write(query, table.questionEnd(), now, out);
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return new Message(bytes);
  }

  @Test
  void theAnswerHasTheAskersIdAndLettersAndWhatIsLeftOfItsTime() throws IOException {
    put(query(1, "www.example.com."), new Validity.Until(5, 5 + 30 * SECOND), 2);
    Message answer = answer(query(77, "WWW.Example.com."), 5 + 10 * SECOND);
    assertThat(answer.getHeader().getID()).isEqualTo(77);
    assertThat(answer.getQuestion().getName()).hasToString("WWW.Example.com.");
    assertThat(answer.getSection(Section.ANSWER))
        .allSatisfy(each -> assertThat(each.getName()).hasToString("WWW.Example.com."))
        .extracting(Record::getTTL)
        .containsExactly(20L, 20L);
  }

  @Test
  void itEndsWithItsTimeOrItsGeneration() {
    byte[] query = query(1, "www.example.com.");
    put(query, new Validity.Until(5, 5 + 30 * SECOND), 1);
    assertThat(find(query, 5 + 30 * SECOND - 1)).isNotNull();
    assertThat(find(query, 5 + 30 * SECOND)).isNull();
    put(query, new Validity.Generation(GENERATION), 1);
    assertThat(find(query, Long.MAX_VALUE)).isNotNull();
    put(query, new Validity.Generation(new Object()), 1);
    assertThat(find(query, 5)).isNull();
  }

  @Test
  void otherQuestionsAreOthers() {
    put(query(1, "www.example.com."), new Validity.Generation(GENERATION), 1);
    byte[] recursive = query(1, "www.example.com.");
    recursive[2] |= 1;
    assertThat(find(recursive, 0)).isNull();
    assertThat(find(query(1, "wwx.example.com."), 0)).isNull();
  }

  @Test
  void addressesComeInTurn() throws IOException {
    byte[] query = query(1, "www.example.com.");
    put(query, new Validity.Generation(GENERATION), 3);
    List<String> first = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      first.add(answer(query, 0).getSection(Section.ANSWER).getFirst().rdataToString());
    }
    assertThat(first)
        .containsExactly("10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.0", "10.0.0.1", "10.0.0.2");
  }

  @Test
  void itsBytesAreBounded() {
    int count = 6_000;
    for (int i = 0; i < count; i++) {
      put(query(i, "n" + i + ".example.com."), new Validity.Generation(GENERATION), 8);
      assertThat(table.bytes()).isBetween(1L, Table.MOST_BYTES);
    }
    assertThat(find(query(1, "n" + (count - 1) + ".example.com."), 0)).isNotNull();
  }

  @Test
  void whatIsNotPlainIsNotLookedFor() {
    byte[] query = query(1, "www.example.com.");
    for (int length = 0; length < query.length; length++) {
      assertThat(table.look(query, length)).as("%d bytes", length).isFalse();
    }
  }
}
