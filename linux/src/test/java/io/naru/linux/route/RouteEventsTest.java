package io.naru.linux.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.linux.TestNamespace;
import io.naru.linux.route.RouteEvent.Presence;
import io.naru.linux.route.RouteEvents.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteEventsTest {
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0a");

  @ParameterizedTest
  @CsvSource({"10.0.0.1/24, 10.0.0.9, 10.7.0.0/16", "fd00::1/64, fd00::9, fd07::/32"})
  void everyChangeIsTold(String own, String other, String destination) {
    try (TestNamespace here = new TestNamespace();
        RouteNetlink netlink = here.call(RouteNetlink::open);
        RouteEvents events = here.call(() -> RouteEvents.open(EnumSet.allOf(Group.class)))) {
      InterfaceAddress address = InterfaceAddress.parse(own);
      IpAddress peer = IpAddress.parse(other);
      Link link = netlink.createLink(LinkSpec.veth("d0", LinkSpec.end("d1").withUp()).withUp());
      netlink.addAddress(LinkAddress.of(link.index(), address).withFlags(2));
      Link vxlan =
          netlink.createLink(LinkSpec.vxlan("vx", LinkKind.Vxlan.of(7, address.address(), 8472)));
      Neighbour neighbour = Neighbour.permanent(link.index(), peer, MAC);
      ForwardingEntry entry = ForwardingEntry.tunnel(vxlan.index(), MAC, peer);
      Route route = Route.via(Prefix.parse(destination), peer, link.index());
      RoutingRule rule = RoutingRule.forDestination(Prefix.parse(destination), 100, 900, 77);
      netlink.setNeighbour(neighbour);
      netlink.setForwardingEntry(entry);
      netlink.addRoute(route);
      netlink.addRule(rule);
      netlink.removeRoute(route);
      netlink.deleteLink(link.index());

      List<RouteEvent> seen = new ArrayList<>();
      Optional<RouteEvent> next;
      do {
        next = events.next(Duration.ofSeconds(10));
        next.ifPresent(seen::add);
      } while (next.isPresent()
          && !(next.get() instanceof RouteEvent.OfLink(Presence presence, Link gone)
              && presence == Presence.GONE
              && gone.index() == link.index()));
      assertThat(seen)
          .contains(
              new RouteEvent.OfNeighbour(Presence.PRESENT, neighbour),
              new RouteEvent.OfForwardingEntry(Presence.PRESENT, entry),
              new RouteEvent.OfRoute(Presence.PRESENT, route),
              new RouteEvent.OfRoute(Presence.GONE, route),
              new RouteEvent.OfRule(Presence.PRESENT, rule))
          .anyMatch(
              e -> e instanceof RouteEvent.OfAddress(var p, var a) && a.address().equals(address));
      assertThat(next).isPresent();
    }
  }

  @Test
  void aReaderThatFallsBehindIsToldSo() {
    try (TestNamespace here = new TestNamespace();
        RouteNetlink netlink = here.call(RouteNetlink::open);
        RouteEvents events = here.call(() -> RouteEvents.open(EnumSet.of(Group.IPV4_ROUTE)))) {
      Link link = netlink.createLink(LinkSpec.veth("d0", LinkSpec.end("d1").withUp()).withUp());
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < 40_000; i++) {
        changes.add(
            new Change.AddRoute(
                Route.direct(IpAddress.parse("10.0.0.0").plus(i).toPrefix(), link.index())));
      }
      netlink.apply(changes);

      boolean told = false;
      for (int i = 0; i < 45_000 && !told; i++) {
        told = events.next(Duration.ofSeconds(10)).orElseThrow() instanceof RouteEvent.Overflow;
      }
      assertThat(told).isTrue();
    }
  }

  @Test
  void closingEndsAWait() {
    try (TestNamespace here = new TestNamespace()) {
      RouteEvents events = here.call(() -> RouteEvents.open(EnumSet.of(Group.LINK)));
      CompletableFuture<String> ended = new CompletableFuture<>();
      Thread _ =
          Thread.ofPlatform()
              .start(
                  () -> {
                    events.forEach(event -> {});
                    ended.complete("ended");
                  });
      events.close();

      assertThat(ended.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("ended");
    }
  }
}
