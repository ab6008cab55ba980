package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.doctor.peer.Look.Probe;
import io.naru.linux.call.Rest;
import io.naru.observe.echo.EchoSeries;
import io.naru.observe.trial.PortTrial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Pings through the pods' network to one other node, and, where they are not all answered, what
 * else can be tried from this end alone.
 *
 * @param device the tunnel; empty for a direct route
 * @param node the other node's address, as far as it is known
 * @param series the pings
 * @param source from where they are sent; unspecified lets routing choose
 * @param fullSize length of the large ones' IP packets in bytes
 * @param run the number that marks all but the counted pings
 */
record TunnelProbe(
    String device,
    Optional<IpAddress> node,
    IpAddress target,
    EchoSeries series,
    IpAddress source,
    int fullSize,
    int run)
    implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofMillis(150);
  private static final Duration ANSWER_OF_TCP = Duration.ofMillis(300);
  private static final int ROUNDS = 8;

  /** A TCP port on which nobody listens, as a rule. */
  private static final int CLOSED_TCP = 8477;

  boolean isInTrouble() {
    int sent = series.smallSent() + series.fullSent();
    int lost = sent - series.smallAnswered() - series.fullAnswered();
    return lost > 2 && lost * 20 >= sent;
  }

  /** The plain result. */
  Probe result() {
    return result(Optional.empty(), Optional.empty(), Optional.empty());
  }

  private Probe result(
      Optional<Boolean> detour, Optional<Boolean> otherAnswer, Optional<Integer> largest) {
    return new Probe(
        device,
        node,
        target,
        series.smallSent(),
        series.smallAnswered(),
        series.fullSent(),
        series.fullAnswered(),
        fullSize,
        series.refusal(),
        detour,
        otherAnswer,
        largest);
  }

  /**
   * Tries more.
   *
   * @param own this node's address on the underlay: an answer to that one needs no tunnel
   */
  Probe resultOfMore(Optional<IpAddress> own) {
    if (series.smallAnswered() == 0) {
      boolean other =
          PortTrial.isAnswered(target, UnderlayProbe.CLOSED_PORT)
              || TcpTrial.answered(target, List.of(CLOSED_TCP), ANSWER_OF_TCP).isPresent();
      Optional<Boolean> detour =
          other || device.isEmpty() ? Optional.empty() : own.map(this::isAnsweredByDetour);
      return result(detour, Optional.of(other), Optional.empty());
    }
    if (series.fullAnswered() == 0) {
      return result(Optional.empty(), Optional.empty(), largest());
    }
    return result();
  }

  /** Whether a ping from the node's own address is answered: that answer takes the underlay. */
  private boolean isAnsweredByDetour(IpAddress own) {
    if (own.family() != target.family()) {
      return false;
    }
    try (EchoSeries detour = EchoSeries.open(own, target, run, run ^ target.hashCode(), fullSize)) {
      for (int i = 0; i < 3; i++) {
        detour.sendSmall();
        boolean _ = Rest.passes(ANSWER);
        if (detour.smallAnswered() > 0) {
          return true;
        }
      }
      return false;
    } catch (NaruException refused) {
      return false;
    }
  }

  /** The largest packet that is answered, by halving. */
  private Optional<Integer> largest() {
    try (EchoSeries sizes =
        EchoSeries.open(source, target, run, ~run ^ target.hashCode(), fullSize)) {
      int passes = EchoSeries.SMALL;
      int fails = fullSize;
      for (int round = 0; round < ROUNDS && fails - passes > 1; round++) {
        int size = (passes + fails) / 2;
        boolean answered = false;
        for (int attempt = 0; attempt < 2 && !answered; attempt++) {
          int number = 4 * round + attempt;
          sizes.sendSized(number, size);
          boolean _ = Rest.passes(ANSWER.dividedBy(2));
          answered = sizes.isAnswered(number);
        }
        if (answered) {
          passes = size;
        } else {
          fails = size;
        }
      }
      return Optional.of(passes & ~1);
    } catch (NaruException refused) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    series.close();
  }
}
