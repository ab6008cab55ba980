package io.naru.store.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.channel.frame.Json;
import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.NetworkConfigurationParser;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.Backend;
import io.naru.core.service.BackendState;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.core.service.ServiceWish;
import io.naru.core.service.TrafficPolicy;
import io.naru.store.ClusterSnapshot;
import io.naru.store.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ServicePlacementTest {
  private static final ClusterState EMPTY = ClusterState.empty(network(Map.of()));
  private static final Service WEB = Sample.service("web", "10.244.1.5");

  private static NetworkConfiguration network(Map<String, Object> more) {
    Map<String, Object> keys = new HashMap<>(more);
    keys.putIfAbsent("clusterCidrs", List.of("10.244.0.0/16", "fd10:244::/48"));
    return NetworkConfigurationParser.parse(keys);
  }

  private static ClusterState put(ClusterState state, ServiceWish... wishes) {
    return Transitions.apply(state, new Command.PutServices(List.of(wishes))).next();
  }

  private static ClusterState put(ClusterState state, Service... services) {
    return Transitions.apply(
            state,
            new Command.PutServices(List.of(services).stream().map(ServiceWish::of).toList()))
        .next();
  }

  private static NaruException refusal(ClusterState state, ServiceWish... wishes) {
    NaruException refused = catchThrowableOfType(NaruException.class, () -> put(state, wishes));
    assertThat(refused).isNotNull();
    return refused;
  }

  private static Service stored(ClusterState state, String name) {
    return state.services().get(ServiceName.parse(name));
  }

  private static ServicePort port(String name, int number, Optional<Integer> nodePort) {
    return new ServicePort(name, Protocol.TCP, number, number, nodePort);
  }

  private static List<IpAddress> addresses(String... texts) {
    return List.of(texts).stream().map(IpAddress::parse).toList();
  }

  @Example
  void theSameNameGetsTheSameAddressAndPeopleKeepTheFirstOnes() {
    ClusterState one = put(EMPTY, WEB);
    ClusterState two = put(EMPTY, Sample.service("other", "10.244.1.5"), WEB);
    assertThat(stored(two, "web").clusterIps()).isEqualTo(stored(one, "web").clusterIps());
    List<IpAddress> kept = new ArrayList<>();
    for (int i = 0; i <= 10; i++) {
      kept.add(IpAddress.parse("10.96.0." + i));
    }
    assertThat(stored(two, "web").clusterIps()).doesNotContainAnyElementsOf(kept);
    Service chosen = WEB.withClusterIps(addresses("10.96.0.10"));
    assertThat(stored(put(EMPTY, chosen), "web").clusterIps()).isEqualTo(addresses("10.96.0.10"));
  }

  @Example
  void everyAddressIsGivenOnceBeforeNoneIsLeft() {
    ClusterState state =
        ClusterState.empty(network(Map.of("serviceCidrs", List.of("10.9.0.0/27"))));
    Set<IpAddress> given = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      state = put(state, Sample.service("s" + i, "10.244.1.5"));
      given.addAll(stored(state, "s" + i).clusterIps());
    }
    assertThat(given)
        .hasSize(20)
        .allMatch(address -> Prefix.parse("10.9.0.0/27").contains(address))
        .doesNotContain(IpAddress.parse("10.9.0.31"), IpAddress.parse("10.9.0.10"));
    assertThat(refusal(state, ServiceWish.of(WEB)))
        .returns(ErrorCode.EXHAUSTED, NaruException::code)
        .hasMessageContaining("no address of 10.9.0.0/27 is left for service default/web");
    state =
        Transitions.apply(state, new Command.RemoveServices(List.of(ServiceName.parse("s7"))))
            .next();
    assertThat(given).containsAll(stored(put(state, WEB), "web").clusterIps());
  }

  @Example
  void anAddressAndANodePortHaveOneOwnerEach() {
    Service first =
        WEB.withClusterIps(addresses("10.96.0.9"))
            .withPorts(List.of(port("http", 80, Optional.of(30080))));
    ClusterState state = put(EMPTY, first);
    Service second =
        new Service(
            ServiceName.parse("shop/cart"),
            first.clusterIps(),
            List.of(
                port("http", 80, Optional.of(30080)),
                port("admin", 81, Optional.of(30081)),
                port("again", 82, Optional.of(30081))),
            List.of(),
            Optional.empty(),
            TrafficPolicy.CLUSTER,
            TrafficPolicy.CLUSTER,
            false);
    assertThat(refusal(state, ServiceWish.of(second)))
        .returns(ErrorCode.CONFLICT, NaruException::code)
        .hasMessageContaining(
            "service shop/cart: the cluster IP 10.96.0.9 is service default/web's")
        .hasMessageContaining("the node port 30080/tcp is service default/web's")
        .hasMessageContaining("the node port 30081/tcp is another port's of it");
    // In one change they may change hands.
    Service moved =
        first
            .withClusterIps(addresses("10.96.0.8"))
            .withPorts(first.ports().stream().map(port -> port.withNodePort(30090)).toList());
    Service takes = second.withPorts(second.ports().subList(0, 2));
    ClusterState after = put(state, takes, moved);
    assertThat(stored(after, "shop/cart")).isEqualTo(takes);
    assertThat(stored(after, "web")).isEqualTo(moved);
  }

  @Example
  void nodePortsAreChosenAndKept() {
    Service two =
        WEB.withPorts(List.of(port("a", 80, Optional.empty()), port("b", 81, Optional.of(31000))));
    ServiceWish wish = new ServiceWish(two, false, true);
    ClusterState state = put(EMPTY, wish);
    Service stored = stored(state, "web");
    assertThat(stored.ports())
        .allSatisfy(port -> assertThat(port.nodePort().orElseThrow()).isBetween(30000, 32767));
    assertThat(stored.ports().getLast().nodePort()).contains(31000);
    Service onlyOne = two.withPorts(two.ports().subList(0, 1));
    assertThat(stored(put(state, new ServiceWish(onlyOne, false, true)), "web").ports())
        .containsExactly(stored.ports().getFirst());
    assertThat(stored(put(state, ServiceWish.of(onlyOne)), "web").ports())
        .isEqualTo(onlyOne.ports());
  }

  @Example
  void everyMistakeOfAServiceIsNamed() {
    Service wrong =
        new Service(
            ServiceName.parse("web"),
            addresses("192.168.1.1", "10.96.0.20"),
            List.of(
                port("", 80, Optional.empty()),
                port("a", 80, Optional.of(80)),
                port("a", 81, Optional.empty())),
            List.of(
                Backend.ready(IpAddress.parse("224.0.0.1")),
                Backend.ready(IpAddress.parse("10.96.0.3")),
                Backend.ready(IpAddress.parse("fd10:244::5")),
                Backend.ready(IpAddress.parse("10.244.1.5")),
                new Backend(
                    IpAddress.parse("10.244.1.5"), BackendState.READY, Optional.of("Not a label"))),
            Optional.of(86_401),
            TrafficPolicy.CLUSTER,
            TrafficPolicy.CLUSTER,
            false);
    NaruException refused = refusal(EMPTY, ServiceWish.of(wrong));
    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_INPUT);
    assertThat(refused.sentence().lines().map(String::strip))
        .allMatch(line -> line.startsWith("service default/web: "))
        .map(line -> line.substring("service default/web: ".length()))
        .map(line -> line.replaceFirst("[;:].*", ""))
        .containsExactly(
            "the cluster IP 192.168.1.1 is not inside the services' [10.96.0.0/16, fd00",
            "it has more than one cluster IP of IPv4",
            "its port 80/tcp needs a name, for there are several",
            "it has the port 80/tcp twice",
            "the node port 80 is not from 30000 to 32767",
            "it has two ports named a",
            "the backend 224.0.0.1 cannot be reached from other hosts",
            "the backend 10.96.0.3 is a service's address, of 10.96.0.0/16, not a host's",
            "the backend fd10",
            "it has the backend 10.244.1.5 twice",
            "'Not a label' cannot name the backend 10.244.1.5",
            "an affinity of 86401 s cannot be");
  }

  @Example
  void aHeadlessServiceHasNeitherAddressNorNodePort() {
    ServiceWish wish = new ServiceWish(WEB.withPorts(List.of()), true, false);
    assertThat(stored(put(EMPTY, wish), "web").isHeadless()).isTrue();
    assertThat(
            refusal(EMPTY, new ServiceWish(WEB.withClusterIps(addresses("10.96.0.9")), true, true)))
        .hasMessageContaining("a headless service has no cluster IP")
        .hasMessageContaining("a headless service has no node ports");
    // One that stops being headless gets an address.
    assertThat(stored(put(put(EMPTY, wish), WEB), "web").clusterIps()).hasSize(2);
  }

  @Example
  void theServicesBlocksStayWhileAServiceHasAnAddressOfThem() {
    ClusterState state = put(EMPTY, WEB);
    Command other =
        new Command.ChangeConfiguration(network(Map.of("serviceCidrs", List.of("10.97.0.0/16"))));
    NaruException refused =
        catchThrowableOfType(NaruException.class, () -> Transitions.apply(state, other));
    assertThat(refused)
        .returns(ErrorCode.CONFLICT, NaruException::code)
        .hasMessageContaining("serviceCidrs cannot become [10.97.0.0/16]")
        .hasMessageContaining("default/web");
    assertThat(Transitions.apply(EMPTY, other).events()).hasSize(1);
    Command wider =
        new Command.ChangeConfiguration(
            network(Map.of("serviceCidrs", List.of("10.96.0.0/12", "fd00:10:96::/112"))));
    assertThat(Transitions.apply(state, wider).events()).hasSize(1);
  }

  @Example
  void aSnapshotWithoutServicesIsReadAndOneWithThemIsReadBack() {
    ClusterSnapshot with = put(EMPTY, new ServiceWish(WEB, false, true)).snapshot();
    assertThat(Json.read(Json.write(with), ClusterSnapshot.class)).isEqualTo(with);
    assertThat(Json.write(with)).contains("\"default/web\":{").contains("\"protocol\":\"tcp\"");
    String older =
        "{\"revision\":4,\"configuration\":{\"clusterCidrs\":[\"10.244.0.0/16\"],"
            + "\"podCidrLengthIpv4\":24,\"podCidrLengthIpv6\":64,\"vni\":1,\"vxlanPort\":8472,"
            + "\"agentPort\":8472,\"transport\":\"auto\",\"noMasqueradeCidrs\":[]},"
            + "\"nodes\":{},\"pinnedKeys\":{},\"notices\":[]}";
    ClusterSnapshot read = Json.read(older, ClusterSnapshot.class);
    assertThat(read.services()).isEmpty();
    assertThat(read.configuration()).isEqualTo(NetworkConfiguration.defaults());
  }

  /** One step of a random history: a service comes, is changed or goes. */
  private static Command command(int step) {
    String name = "s" + step % 13;
    ServicePort port = port("p", 80 + step / 13 % 3, Optional.empty());
    Service service = Sample.service(name, "10.244.1.5").withPorts(List.of(port));
    return switch (step / 39 % 4) {
      case 0 -> new Command.RemoveServices(List.of(service.name()));
      case 1 ->
          new Command.PutServices(
              List.of(
                  ServiceWish.of(service.withClusterIps(addresses("10.9.0." + (11 + step % 7))))));
      default -> new Command.PutServices(List.of(new ServiceWish(service, false, step % 2 == 0)));
    };
  }

  @Property(tries = 300)
  void noHistoryGivesAnAddressOrANodePortTwice(
      @ForAll @Size(max = 60) List<@IntRange(max = 39 * 4 - 1) Integer> steps) {
    ClusterState state =
        ClusterState.empty(network(Map.of("serviceCidrs", List.of("10.9.0.0/27"))));
    for (int step : steps) {
      try {
        state = Transitions.apply(state, command(step)).next();
      } catch (NaruException refused) {
        assertThat(refused.code()).isIn(ErrorCode.CONFLICT, ErrorCode.NOT_FOUND);
      }
      List<Object> had = new ArrayList<>();
      for (Service service : state.services().values()) {
        assertThat(service.clusterIps()).hasSize(1);
        had.addAll(service.clusterIps());
        service.ports().stream().flatMap(port -> port.nodePort().stream()).forEach(had::add);
      }
      assertThat(had).doesNotHaveDuplicates();
    }
  }
}
