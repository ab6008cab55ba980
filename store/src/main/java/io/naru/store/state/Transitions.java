package io.naru.store.state;

import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.PathNotice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The rules: what a command does to a state, or why it is refused. */
public final class Transitions {
  private static final int LONGEST_TEXT = 1000;

  private Transitions() {}

  /**
   * Applies a command.
   *
   * @throws NaruException if the rules refuse it; the state is then as before
   */
  public static Transition apply(ClusterState state, Command command) {
    return Transition.of(
        state,
        switch (command) {
          case Command.ClaimPodCidrs claim -> Claims.any(state, claim.node(), claim.wanted());
          case Command.ClaimExactPodCidrs claim ->
              Claims.exactly(state, claim.node(), claim.exact());
          case Command.PublishNode publish -> publish(state, publish.node());
          case Command.RegisterForeignNodes register ->
              ForeignRegistration.events(state, register.nodes());
          case Command.WithdrawNode withdraw -> withdraw(state, withdraw.node());
          case Command.PublishNotice publish -> notice(state, publish.notice());
          case Command.WithdrawNotice withdraw ->
              removal(state, new NoticeKey(withdraw.path(), withdraw.observer()));
          case Command.PutServices put -> ServicePlacement.events(state, put.wishes());
          case Command.RemoveServices remove -> ServiceRemoval.events(state, remove.names());
          case Command.ChangeConfiguration change ->
              ConfigurationChange.events(state, change.configuration());
          case Command.BindAuthority bind -> Membership.bind(state, bind.fingerprint());
          case Command.AddToken add -> Membership.addToken(state, add);
          case Command.Join join -> Membership.join(state, join);
          case Command.PinKey pin -> Membership.pin(state, pin.node(), pin.keyFingerprint());
        });
  }

  private static List<StateEvent> publish(ClusterState state, Node node) {
    if (node.kind() == NodeKind.FOREIGN) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "node " + node.name() + " is foreign and cannot publish itself; use: naru node add");
    }
    if (node.publicAddresses().isEmpty()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "node " + node.name() + " has no address that its peers could reach it at");
    }
    node.podCidrs()
        .forEach(
            cidr -> {
              if (!state.claims().getOrDefault(node.name(), List.of()).contains(cidr)) {
                throw new NaruException(
                    ErrorCode.CONFLICT,
                    "the pod CIDR "
                        + cidr
                        + Claims.owner(state, cidr, node.name())
                            .map(owner -> " is claimed by node " + owner)
                            .orElse(" is not claimed")
                        + ", so node "
                        + node.name()
                        + " cannot publish it; claim pod CIDRs first");
              }
            });
    for (Node other : state.nodes().values()) {
      if (!other.name().equals(node.name())) {
        refuseSharedAddress(node, other);
      }
    }
    return node.equals(state.nodes().get(node.name()))
        ? List.of()
        : List.of(new StateEvent.NodePut(node));
  }

  private static void refuseSharedAddress(Node node, Node other) {
    node.publicAddresses().stream()
        .filter(other.publicAddresses()::contains)
        .findFirst()
        .ifPresent(
            address -> {
              throw taken(node, other, "the public address " + address);
            });
    if (node.vtepMac().equals(other.vtepMac())) {
      throw taken(node, other, "the VTEP address " + node.vtepMac());
    }
  }

  private static NaruException taken(Node node, Node other, String what) {
    return new NaruException(
        ErrorCode.CONFLICT,
        what
            + " of node "
            + node.name()
            + " is node "
            + other.name()
            + "'s; if that node is gone, type: naru node rm "
            + other.name());
  }

  private static List<StateEvent> withdraw(ClusterState state, NodeName node) {
    List<StateEvent> events = new ArrayList<>();
    if (state.nodes().containsKey(node)) {
      events.add(new StateEvent.NodeRemoved(node));
    }
    if (state.claims().containsKey(node)) {
      events.add(new StateEvent.ClaimsRemoved(node));
    }
    if (state.pinnedKeys().containsKey(node)) {
      events.add(new StateEvent.KeyRemoved(node));
    }
    state.notices().keySet().stream()
        .filter(key -> key.names(node))
        .forEach(key -> events.add(new StateEvent.NoticeRemoved(key)));
    return events;
  }

  private static List<StateEvent> notice(ClusterState state, PathNotice notice) {
    NodeName observer = notice.observer();
    if (!observer.equals(notice.path().from()) && !observer.equals(notice.path().to())) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "node " + observer + " is no end of " + notice.path() + " and cannot speak for it");
    }
    Predicate<String> tooLong = text -> text.length() > LONGEST_TEXT;
    if (Stream.concat(
            Stream.of(notice.reason()),
            Stream.concat(notice.lastSeen().stream(), notice.notSeen().stream()))
        .anyMatch(tooLong)) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "a notice's text may have " + LONGEST_TEXT + " characters");
    }
    return notice.equals(state.notices().get(NoticeKey.of(notice)))
        ? List.of()
        : List.of(new StateEvent.NoticePut(notice));
  }

  private static List<StateEvent> removal(ClusterState state, NoticeKey key) {
    return state.notices().containsKey(key)
        ? List.of(new StateEvent.NoticeRemoved(key))
        : List.of();
  }
}
