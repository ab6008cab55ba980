package io.naru.core.trace;

import io.naru.core.trace.Sighting.Kind;
import io.naru.core.trace.TraceReport.Drop;
import io.naru.core.trace.TraceReport.HopError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes a report of what both ends saw; pure. */
public final class TraceJudge {
  private final TraceOrder order;
  private final Optional<NodeTrace> from;
  private final Optional<NodeTrace> to;
  private final Walk there;
  private final Walk back;
  private final Set<Integer> sent;

  private TraceJudge(TraceOrder order, NodeTrace from, Optional<NodeTrace> to) {
    this.order = order;
    this.from = Optional.of(from);
    this.to = order.isOnOneNode() ? this.from : to;
    Optional<NodeTrace> replier = to.isPresent() ? this.to : this.from;
    this.there =
        Walk.of(
            Hop.of(order, this.from, this.to, Walk.REQUESTS, this.from),
            Walk.REQUESTS,
            order.count());
    this.back =
        Walk.of(
            Hop.of(order, this.from, this.to, Walk.REPLIES, replier).reversed(),
            Walk.REPLIES,
            order.count());
    Set<Integer> refused = new HashSet<>();
    from.attempts().stream()
        .filter(attempt -> attempt.refusal().isPresent())
        .forEach(attempt -> refused.add(attempt.probe()));
    Set<Integer> taken = new HashSet<>();
    IntStream.range(0, order.count()).filter(probe -> !refused.contains(probe)).forEach(taken::add);
    this.sent = Set.copyOf(taken);
  }

  /**
   * The report.
   *
   * @param from what the sender's node saw
   * @param to what the other end's node saw, if another one watched
   * @param notWatched what nobody could look at, beside what the nodes say themselves
   */
  public static TraceReport of(
      TraceOrder order, NodeTrace from, Optional<NodeTrace> to, List<String> notWatched) {
    return new TraceJudge(order, from, to).report(notWatched);
  }

  private record Judgement(
      Outcome outcome, String sentence, Optional<String> lastSeen, Optional<String> notSeen) {
    static Judgement of(Outcome outcome, String sentence) {
      return new Judgement(outcome, sentence, Optional.empty(), Optional.empty());
    }
  }

  private TraceReport report(List<String> notWatched) {
    List<HopError> errors = errors();
    List<Drop> drops =
        nodes()
            .flatMap(node -> node.drops().stream().map(drop -> Drop.of(node.node().text(), drop)))
            .toList();
    Judgement judgement = judge(errors);
    return new TraceReport(
        order.from().name(),
        order.to().name(),
        order.from().node().map(Object::toString),
        order.to().node().map(Object::toString),
        order.source().toString(),
        order.destination().toString(),
        order.kind().toString(),
        order.port() == 0 ? Optional.empty() : Optional.of(order.port()),
        sent.size(),
        count(Kind.ANSWER),
        count(Kind.REFUSAL),
        judgement.outcome().toString(),
        judgement.sentence(),
        judgement.lastSeen(),
        judgement.notSeen(),
        there.oneClock(),
        there.steps(),
        isDelivered() || back.isAnythingSeen() ? back.steps() : List.of(),
        errors,
        drops,
        Stream.concat(
                notWatched.stream(),
                nodes().flatMap(n -> n.notes().stream().map(note -> n.node() + ": " + note)))
            .toList());
  }

  private Stream<NodeTrace> nodes() {
    return Stream.concat(from.stream(), to.filter(node -> !from.equals(to)).stream());
  }

  /** How many probes came to such an end, where they began. */
  private int count(Kind kind) {
    return (int) sent.stream().filter(probe -> cameBack(probe, Set.of(kind)).isPresent()).count();
  }

  private Optional<Sighting> cameBack(int probe, Set<Kind> kinds) {
    return back.hops().isEmpty() ? Optional.empty() : back.hops().getLast().sighting(probe, kinds);
  }

  private boolean isDelivered() {
    return sent.stream().anyMatch(there::isThrough);
  }

  private Judgement judge(List<HopError> errors) {
    int answered = count(Kind.ANSWER);
    int refused = count(Kind.REFUSAL);
    String name = order.to().name();
    String what = order.what();
    if (sent.isEmpty()) {
      return new Judgement(
          Outcome.NOT_SENT,
          order.from().name() + " could not send " + what + ": " + refusal(),
          Optional.empty(),
          there.hops().stream().map(Hop::name).findFirst());
    }
    if (answered + refused >= sent.size()) {
      return refused > answered
          ? Judgement.of(
              Outcome.REFUSED,
              name + " refuses " + what + " itself: nobody listens there; the path works both ways")
          : Judgement.of(
              Outcome.ANSWERED,
              name + " answers " + what + ": " + answered + "/" + sent.size() + time());
    }
    if (answered + refused > 0) {
      Judgement place = lost();
      return new Judgement(
          Outcome.PARTLY_LOST,
          (answered + refused) + "/" + sent.size() + " came back; " + place.sentence(),
          place.lastSeen(),
          place.notSeen());
    }
    if (!errors.isEmpty()) {
      Judgement place = lost();
      HopError first = errors.getFirst();
      return new Judgement(
          Outcome.REJECTED,
          first.from() + " refuses " + what + ": " + first.says(),
          place.lastSeen(),
          place.notSeen());
    }
    return lost();
  }

  private String refusal() {
    return from.stream()
        .flatMap(node -> node.attempts().stream())
        .flatMap(attempt -> attempt.refusal().stream())
        .findFirst()
        .orElse("nothing was sent");
  }

  private String time() {
    OptionalLong shortest =
        sent.stream()
            .flatMap(
                probe ->
                    there.hops().getFirst().sighting(probe, Walk.REQUESTS).stream()
                        .flatMap(
                            left ->
                                cameBack(probe, Walk.REPLIES).stream()
                                    .map(back -> back.nanoseconds() - left.nanoseconds())))
            .mapToLong(Long::longValue)
            .min();
    return shortest.isEmpty() ? "" : " in %.2f ms".formatted(shortest.getAsLong() / 1e6);
  }

  /** Where the probes that did not come back were seen last: the place of most of them. */
  private Judgement lost() {
    Map<Judgement, Integer> places = new LinkedHashMap<>();
    sent.stream()
        .filter(probe -> cameBack(probe, Walk.REPLIES).isEmpty())
        .forEach(probe -> places.merge(lost(probe), 1, Integer::sum));
    return places.entrySet().stream()
        .max(Comparator.comparingInt(Map.Entry::getValue))
        .map(Map.Entry::getKey)
        .orElseThrow();
  }

  private Judgement lost(int probe) {
    int replied = back.farthest(probe);
    if (replied >= 0) {
      return place(back, replied, "the answer of " + order.to().name());
    }
    if (there.isThrough(probe)) {
      return new Judgement(
          Outcome.DELIVERED,
          order.what()
              + " reaches "
              + order.to().name()
              + ", and no answer leaves there"
              + listener(),
          Optional.of(there.hops().getLast().name()),
          Optional.empty());
    }
    return place(
        there,
        there.farthest(probe),
        order.what() + " from " + order.from().name() + " to " + order.to().name());
  }

  private String listener() {
    return switch (order.kind()) {
      case ECHO -> ": a filter within it may drop echoes";
      case UDP -> ": who listens may not answer such a datagram";
      case TCP -> ": a filter within it may drop it, or its queue of connections is full";
    };
  }

  private static Judgement place(Walk walk, int last, String what) {
    Optional<String> lastSeen =
        last < 0 ? Optional.empty() : Optional.of(walk.hops().get(last).name());
    List<Hop> rest = walk.hops().subList(last + 1, walk.hops().size());
    // Only what is right behind it may be named: who looks beyond a blind spot proves nothing.
    Optional<String> notSeen =
        rest.stream().limit(1).filter(Hop::isWatched).map(Hop::name).findFirst();
    String sentence =
        notSeen.isPresent()
            ? lastSeen
                .map(tap -> what + " is lost between " + tap + " and " + notSeen.get())
                .orElse(what + " does not even reach " + notSeen.get())
            : what
                + " was last seen at "
                + lastSeen.orElse("no tap")
                + "; nobody watches what is behind, and no answer came";
    return new Judgement(Outcome.LOST, sentence, lastSeen, notSeen);
  }

  /** Who refused on the way, each with the first tap that heard it. */
  private List<HopError> errors() {
    Map<String, HopError> found = new HashMap<>();
    List<HopError> errors = new ArrayList<>();
    for (NodeTrace node : nodes().toList()) {
      for (Sighting seen : node.sightings()) {
        if (seen.kind() == Kind.ERROR) {
          HopError error =
              new HopError(
                  seen.sender().toString(), seen.says(), node.node() + "/" + seen.tap().word());
          if (found.putIfAbsent(error.from() + error.says(), error) == null) {
            errors.add(error);
          }
        }
      }
    }
    return errors;
  }
}
