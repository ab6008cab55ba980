package io.naru.doctor.peer;

import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.path.PathState;
import io.naru.doctor.peer.Look.Probe;
import io.naru.doctor.peer.Look.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the way from one node to another: how many of the probes were seen where.
 *
 * @param sender who sent them
 * @param to the other node's name
 * @param probe what was sent
 * @param receiver the other node, if it was looked at
 * @param together whether the other node's taps were open all the while, so that what they did not
 *     see was not there
 * @param here where its taps saw these probes and their answers
 * @param there where the other node's taps saw them
 */
record PeerPath(
    Look sender,
    String to,
    Probe probe,
    Optional<Look> receiver,
    boolean together,
    List<Seen> here,
    List<Seen> there) {
  /** A place on the way, and how many of the small and of the full probes were seen there. */
  private record Place(String tap, int small, int full, boolean known) {}

  /** Whether the other node's part is known, so that the direction is certain. */
  boolean isSeenFromBothEnds() {
    return receiver.isPresent() && together;
  }

  private int count(Look look, String tap, boolean full, boolean reply, boolean incoming) {
    boolean tunnelled = probe.goesThroughTunnel() && tap.equals("nic");
    return (look.node().equals(sender.node()) ? here : there)
        .stream()
            .filter(seen -> seen.tap().equals(tap))
            .map(Seen::echoes)
            .filter(
                echoes ->
                    echoes.full() == full
                        && echoes.reply() == reply
                        && echoes.incoming() == incoming
                        && echoes.tunnelled() == tunnelled)
            .mapToInt(echoes -> echoes.count())
            .max()
            .orElse(0);
  }

  private Place place(Look look, String tap, boolean incoming, boolean known) {
    int small = count(look, tap, false, false, incoming);
    int full = count(look, tap, true, false, incoming);
    return new Place(look.node() + "/" + tap, small, full, known || small > 0 || full > 0);
  }

  private List<Place> places() {
    List<Place> places = new ArrayList<>();
    if (probe.goesThroughTunnel()) {
      places.add(place(sender, "vtep", false, true));
    }
    places.add(place(sender, "nic", false, true));
    receiver.ifPresentOrElse(
        look -> {
          places.add(place(look, "nic", true, together));
          if (probe.goesThroughTunnel()) {
            places.add(place(look, "vtep", true, together));
          }
        },
        () -> places.add(new Place(to + "/nic", 0, 0, false)));
    return places;
  }

  private int answeredFrom(boolean full) {
    return receiver
        .map(
            look ->
                Math.max(
                    count(look, "vtep", full, true, false), count(look, "nic", full, true, false)))
        .orElse(0);
  }

  /** How many small probes got to the other end, as far as that is known. */
  private int arrived(boolean full) {
    List<Place> places = places();
    int answered = full ? probe.fullAnswered() : probe.smallAnswered();
    int there =
        isSeenFromBothEnds() ? full ? places.getLast().full() : places.getLast().small() : 0;
    return Math.max(Math.max(answered, answeredFrom(full)), there);
  }

  /** Whether the other node's own probes come here: else it is the way back that loses answers. */
  private boolean isWayBackOpen() {
    return receiver.stream()
        .flatMap(look -> look.probes().stream())
        .filter(back -> back.device().equals(probe.device()))
        .anyMatch(
            back ->
                sender.seen().stream()
                    .filter(seen -> seen.tap().equals(probe.goesThroughTunnel() ? "vtep" : "nic"))
                    .map(Seen::echoes)
                    .anyMatch(
                        echoes ->
                            echoes.run() == receiver.get().run()
                                && echoes.target().equals(back.target())
                                && echoes.incoming()
                                && !echoes.reply()));
  }

  /** Whether nobody on the subnet has the address that the packets are for. */
  boolean isForNobody() {
    return sender.underlay().stream()
        .anyMatch(
            trial ->
                trial.noNeighbour()
                    && !trial.passes()
                    && probe.node().equals(Optional.of(trial.address())));
  }

  /** The farthest place where small probes were seen. */
  Optional<String> farthest() {
    return places().stream()
        .filter(place -> place.small() > 0)
        .map(Place::tap)
        .reduce((first, second) -> second);
  }

  /** Whether they come out of the other tunnel end, and nothing there answers. */
  boolean isAnsweredByNobody() {
    return arrived(false) > 0
        && probe.smallAnswered() == 0
        && isSeenFromBothEnds()
        && answeredFrom(false) == 0
        && !probe.otherAnswer().orElse(false);
  }

  /** The word on this path where that is so. */
  PathWord unanswered() {
    return word(
        probe.goesThroughTunnel() ? "vxlan" : "direct",
        PathState.BROKEN,
        "they come out of " + to + "'s tunnel, and its kernel answers none",
        false,
        places().getLast().tap(),
        null);
  }

  /** The word on this path, as the rules want it. */
  PathWord word() {
    String transport = probe.goesThroughTunnel() ? "vxlan" : "direct";
    int small = arrived(false);
    int full = arrived(true);
    boolean answersNobody = isAnsweredByNobody() && isWayBackOpen();
    if (small == 0 && probe.otherAnswer().orElse(false) || probe.smallSent() == 0) {
      return word(
          transport, PathState.HEALTHY, "other packets than pings are answered", true, null, null);
    }
    if (answersNobody) {
      return unanswered();
    }
    if (small == 0 && isForNobody()) {
      // The kernel keeps them while it asks in vain for the neighbour: no tap beyond matters.
      return word(
          transport,
          PathState.BROKEN,
          "nobody on the subnet has that address",
          false,
          null,
          sender.node() + "/nic");
    }
    if (small == 0) {
      return lost(
          transport,
          PathState.BROKEN,
          probe
              .refusal()
              .map(why -> "this node's kernel does not send them: " + why)
              .orElse(
                  isSeenFromBothEnds()
                      ? "no probe arrives at " + to
                      : "no probe to " + to + " is answered"),
          false,
          1,
          1);
    }
    if (full == 0 && probe.fullSent() > 2) {
      return lost(
          transport,
          PathState.DEGRADED,
          "small packets pass, packets of " + probe.fullSize() + " bytes do not",
          true,
          probe.smallSent() + 1,
          1);
    }
    int sent = probe.smallSent() + probe.fullSent();
    int lost = sent - small - full;
    if (lost > 2 && lost * 20 >= sent) {
      return lost(
          transport,
          PathState.DEGRADED,
          "loses " + Math.round(100f * lost / sent) + " % of the probes",
          false,
          Math.max(1, probe.smallSent() * 97 / 100),
          Math.max(1, probe.fullSent() * 97 / 100));
    }
    return word(transport, PathState.HEALTHY, "probes of both sizes arrive", true, null, null);
  }

  /**
   * A word with its place: the last one that saw enough of the probes, and the next.
   *
   * @param enoughSmall how many small ones are enough; more than were sent if only full ones count
   * @param enoughFull how many full ones are enough
   */
  private PathWord lost(
      String transport,
      PathState state,
      String reason,
      boolean smallPass,
      int enoughSmall,
      int enoughFull) {
    List<Place> places = places();
    @Nullable String seen = null;
    for (Place place : places) {
      boolean both = state == PathState.DEGRADED && enoughSmall <= probe.smallSent();
      boolean enough =
          both
              ? place.small() >= enoughSmall && place.full() >= enoughFull
              : place.small() >= enoughSmall || place.full() >= enoughFull;
      if (!enough) {
        return word(transport, state, reason, smallPass, seen, place.tap());
      }
      seen = place.tap();
    }
    return word(transport, state, reason, smallPass, seen, null);
  }

  private PathWord word(
      String transport,
      PathState state,
      String reason,
      boolean smallPass,
      @Nullable String seen,
      @Nullable String next) {
    return new PathWord(
        sender.node(),
        to,
        transport,
        true,
        state,
        reason,
        smallPass,
        Optional.ofNullable(seen),
        Optional.ofNullable(next));
  }

  /** What was counted, for people. */
  List<String> told() {
    List<String> told = new ArrayList<>();
    List<String> at = new ArrayList<>();
    places().stream()
        .filter(Place::known)
        .forEach(place -> at.add(place.small() + " + " + place.full() + " at " + place.tap()));
    told.add(
        "of "
            + probe.smallSent()
            + " small and "
            + probe.fullSent()
            + " full-size pings through "
            + (probe.goesThroughTunnel() ? "the tunnel" : "pods' addresses")
            + " to "
            + probe.target()
            + ": seen "
            + String.join(", ", at)
            + "; answered "
            + probe.smallAnswered()
            + " + "
            + probe.fullAnswered());
    probe
        .largest()
        .ifPresent(size -> told.add("the largest that is answered has " + size + " bytes"));
    return told;
  }
}
