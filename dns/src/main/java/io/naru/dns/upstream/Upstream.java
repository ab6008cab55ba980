package io.naru.dns.upstream;

import io.naru.dns.message.Answer;
import io.naru.dns.message.Question;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One other resolver, and what is remembered of its ways. */
final class Upstream {
  private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

  /** So long a way of its is taken for granted, then it is tried again. */
  private static final long MEMORY = Duration.ofMinutes(10).toNanos();

  /** So long after it did not answer others are asked first. */
  private static final long AWAY = Duration.ofSeconds(10).toNanos();

  private final UpstreamAddress address;
  private final InetSocketAddress socketAddress;
  private final Random random;
  private final Moment altersCase = new Moment();
  private final Moment lacksExtensions = new Moment();
  private final Moment isAway = new Moment();

  /** Until when something is remembered. */
  private static final class Moment {
    private volatile long until = System.nanoTime() - 1;

    void lasts(long nanos) {
      until = System.nanoTime() + nanos;
    }

    boolean isNow() {
      return until - System.nanoTime() > 0;
    }
  }

  Upstream(UpstreamAddress address, Random random) {
    this.address = address;
    this.socketAddress = address.toSocketAddress();
    this.random = random;
  }

  UpstreamAddress address() {
    return address;
  }

  boolean isAway() {
    return isAway.isNow();
  }

  /**
   * Asks it once.
   *
   * @throws IOException if it does not answer in time, or nothing that can be believed
   */
  Answer ask(Question question, long timeoutMillis) throws IOException {
    try {
      Answer answer = ask(question, true, timeoutMillis);
      isAway.lasts(-1);
      return answer;
    } catch (IOException noAnswer) {
      isAway.lasts(AWAY);
      throw noAnswer;
    }
  }

  private Answer ask(Question question, boolean again, long timeoutMillis) throws IOException {
    Query.Form form = new Query.Form(!altersCase.isNow(), !lacksExtensions.isNow());
    Query query = Query.of(question, form, random);
    return switch (Exchange.overUdp(socketAddress, query, timeoutMillis)) {
      case Reply.Whole(Answer answer) -> {
        if (again && form.extended() && Reply.isRefusalOfForm(answer.rcode())) {
          LOG.info("The DNS server {} does not know EDNS; asking it without", address);
          lacksExtensions.lasts(MEMORY);
          yield ask(question, false, timeoutMillis);
        }
        yield answer;
      }
      case Reply.Cut() -> overTcp(question, timeoutMillis);
      case Reply.Foreign() -> overTcp(question, timeoutMillis);
      case Reply.OtherCase() -> {
        try {
          // Somebody guessed, or it alters letters. TCP's numbers are too many to guess.
          yield overTcp(question, timeoutMillis);
        } catch (IOException noTcp) {
          if (!again || altersCase.isNow()) {
            throw noTcp;
          }
          LOG.info("The DNS server {} alters the case of letters; asking it without", address);
          altersCase.lasts(MEMORY);
          yield ask(question, false, timeoutMillis);
        }
      }
    };
  }

  private Answer overTcp(Question question, long timeoutMillis) throws IOException {
    Query.Form form = new Query.Form(!altersCase.isNow(), !lacksExtensions.isNow());
    Query query = Query.of(question, form, random);
    Reply reply = Exchange.overTcp(socketAddress, query, timeoutMillis);
    if (reply instanceof Reply.OtherCase) {
      LOG.info("The DNS server {} alters the case of letters; asking it without", address);
      altersCase.lasts(MEMORY);
      Query plain = Query.of(question, new Query.Form(false, form.extended()), random);
      reply = Exchange.overTcp(socketAddress, plain, timeoutMillis);
    }
    if (reply instanceof Reply.Whole(Answer answer)) {
      return answer;
    }
    throw new IOException(address + " did not answer the question over TCP");
  }
}
