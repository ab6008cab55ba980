package io.naru.dns.zone;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.service.Backend;
import io.naru.core.service.BackendState;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.dns.message.Answer;
import io.naru.dns.message.Question;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * The examples of the Kubernetes DNS-Based Service Discovery specification 1.1.0, one by one. Times
 * to live, weights and priorities are not prescribed; ours stand here. Section 2.5 (ExternalName)
 * has no example here: Naru's services have addresses or backends.
 */
class KubernetesSpecificationTest {
  private static final List<ServicePort> HTTPS =
      List.of(
          new ServicePort("https", Protocol.TCP, 443, 0, Optional.empty()),
          new ServicePort("", Protocol.UDP, 9000, 0, Optional.empty()));

  /** The services of the examples. */
  private static final ClusterNames NAMES =
      ClusterNames.of(
          ClusterZone.of(
              "cluster.local",
              List.of(Prefix.parse("10.3.0.0/16"), Prefix.parse("2001:db8::/64")),
              List.of(IpAddress.parse("169.254.20.10"))),
          Stream.of(
                  Service.of(
                      ServiceName.parse("default/kubernetes"),
                      List.of(IpAddress.parse("10.3.0.1"), IpAddress.parse("2001:db8::1")),
                      HTTPS,
                      List.of()),
                  Service.of(
                      ServiceName.parse("default/headless"),
                      List.of(),
                      HTTPS,
                      List.of(
                          named("10.3.0.100", "my-pet"),
                          named("2001:db8::64", "my-pet"),
                          named("10.3.0.101", "my-pet-2"),
                          Backend.ready(IpAddress.parse("10.3.0.102")),
                          state("10.3.0.103", BackendState.NOT_READY),
                          state("10.3.0.104", BackendState.TERMINATING))),
                  Service.of(
                      ServiceName.parse("default/empty"),
                      List.of(),
                      HTTPS,
                      List.of(state("10.3.0.105", BackendState.NOT_READY))),
                  new Service(
                      ServiceName.parse("default/tolerant"),
                      List.of(),
                      HTTPS,
                      List.of(state("10.3.0.106", BackendState.NOT_READY)),
                      Optional.empty(),
                      null,
                      null,
                      true))
              .collect(Collectors.toMap(Service::name, Function.identity())));

  private static Backend named(String address, String hostname) {
    return new Backend(IpAddress.parse(address), BackendState.READY, Optional.of(hostname));
  }

  private static Backend state(String address, BackendState state) {
    return new Backend(IpAddress.parse(address), state, Optional.empty());
  }

  private static Answer ask(String question) {
    try {
      String[] parts = question.split(" ", 2);
      Name name = Name.fromString(parts[0], Name.root);
      return NAMES.answer(Question.of(name, Type.value(parts[1]))).orElseThrow();
    } catch (TextParseException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> answers(String question) {
    Answer answer = ask(question);
    assertThat(answer.rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(answer.authoritative()).isTrue();
    return texts(answer.answers());
  }

  private static List<String> texts(List<Record> records) {
    return records.stream().map(each -> each.toString().replaceAll("\\s+", " ")).toList();
  }

  private static void assertNoName(String question) {
    Answer answer = ask(question);
    assertThat(Rcode.string(answer.rcode())).isEqualTo("NXDOMAIN");
    assertSaysHowLong(answer);
  }

  private static void assertNoData(String question) {
    Answer answer = ask(question);
    assertThat(Rcode.string(answer.rcode())).isEqualTo("NOERROR");
    assertSaysHowLong(answer);
  }

  private static void assertSaysHowLong(Answer answer) {
    assertThat(answer.answers()).isEmpty();
    assertThat(answer.authority()).extracting(Record::getType).containsExactly(Type.SOA);
  }

  @Test
  void section2_2_theVersionOfTheSchema() {
    assertThat(answers("dns-version.cluster.local. TXT"))
        .containsExactly("dns-version.cluster.local. 5 IN TXT 1.1.0");
  }

  @Test
  void section2_3_1_theAddressOfAService() {
    assertThat(answers("kubernetes.default.svc.cluster.local. A"))
        .containsExactly("kubernetes.default.svc.cluster.local. 5 IN A 10.3.0.1");
  }

  @Test
  void section2_3_1_theIpv6AddressOfAService() {
    assertThat(answers("kubernetes.default.svc.cluster.local. AAAA"))
        .containsExactly("kubernetes.default.svc.cluster.local. 5 IN AAAA 2001:db8:0:0:0:0:0:1");
  }

  @Test
  void section2_3_2_aNamedPortOfAServiceWithItsAddressesBesides() {
    String question = "_https._tcp.kubernetes.default.svc.cluster.local. SRV";
    assertThat(answers(question))
        .containsExactly(
            "_https._tcp.kubernetes.default.svc.cluster.local. 5 IN SRV 0 100 443"
                + " kubernetes.default.svc.cluster.local.");
    assertThat(texts(ask(question).additional()))
        .containsExactly(
            "kubernetes.default.svc.cluster.local. 5 IN A 10.3.0.1",
            "kubernetes.default.svc.cluster.local. 5 IN AAAA 2001:db8:0:0:0:0:0:1");
  }

  @Test
  void section2_3_2_unnamedPortsHaveNoRecord() {
    assertNoName("_._udp.kubernetes.default.svc.cluster.local. SRV");
    assertNoName("_9000._udp.kubernetes.default.svc.cluster.local. SRV");
    assertNoName("_udp.kubernetes.default.svc.cluster.local. SRV");
    assertNoName("_https._udp.kubernetes.default.svc.cluster.local. SRV");
  }

  @Test
  void section2_3_3_theNameOfAServicesAddress() {
    assertThat(answers("1.0.3.10.in-addr.arpa. PTR"))
        .containsExactly("1.0.3.10.in-addr.arpa. 5 IN PTR kubernetes.default.svc.cluster.local.");
  }

  @Test
  void section2_3_3_theNameOfAServicesIpv6Address() {
    String owner = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.";
    assertThat(answers(owner + " PTR"))
        .containsExactly(owner + " 5 IN PTR kubernetes.default.svc.cluster.local.");
  }

  @Test
  void section2_4_1_theAddressesOfAHeadlessServicesReadyBackends() {
    assertThat(answers("headless.default.svc.cluster.local. A"))
        .containsExactly(
            "headless.default.svc.cluster.local. 5 IN A 10.3.0.100",
            "headless.default.svc.cluster.local. 5 IN A 10.3.0.101",
            "headless.default.svc.cluster.local. 5 IN A 10.3.0.102");
    assertThat(answers("headless.default.svc.cluster.local. AAAA"))
        .containsExactly("headless.default.svc.cluster.local. 5 IN AAAA 2001:db8:0:0:0:0:0:64");
  }

  @Test
  void section2_4_1_withoutReadyBackendsThereIsNoName() {
    assertNoName("empty.default.svc.cluster.local. A");
    assertNoName("_https._tcp.empty.default.svc.cluster.local. SRV");
  }

  @Test
  void section2_1_aServiceThatToleratesIt_NamesBackendsThatAreNotReady() {
    assertThat(answers("tolerant.default.svc.cluster.local. A"))
        .containsExactly("tolerant.default.svc.cluster.local. 5 IN A 10.3.0.106");
  }

  @Test
  void section2_4_1_theAddressesOfAHostname() {
    assertThat(answers("my-pet.headless.default.svc.cluster.local. A"))
        .containsExactly("my-pet.headless.default.svc.cluster.local. 5 IN A 10.3.0.100");
    assertThat(answers("my-pet.headless.default.svc.cluster.local. AAAA"))
        .containsExactly(
            "my-pet.headless.default.svc.cluster.local. 5 IN AAAA 2001:db8:0:0:0:0:0:64");
  }

  @Test
  void section2_4_1_backendsWithoutHostnameAreNamedByTheirAddress() {
    assertThat(answers("10-3-0-102.headless.default.svc.cluster.local. A"))
        .containsExactly("10-3-0-102.headless.default.svc.cluster.local. 5 IN A 10.3.0.102");
    assertNoName("10-3-0-103.headless.default.svc.cluster.local. A");
    assertNoName("10-3-0-104.headless.default.svc.cluster.local. A");
  }

  @Test
  void section2_4_2_aNamedPortOfEachHostname() {
    String question = "_https._tcp.headless.default.svc.cluster.local. SRV";
    assertThat(answers(question))
        .containsExactlyInAnyOrder(
            "_https._tcp.headless.default.svc.cluster.local. 5 IN SRV 0 33 443"
                + " my-pet.headless.default.svc.cluster.local.",
            "_https._tcp.headless.default.svc.cluster.local. 5 IN SRV 0 33 443"
                + " my-pet-2.headless.default.svc.cluster.local.",
            "_https._tcp.headless.default.svc.cluster.local. 5 IN SRV 0 33 443"
                + " 10-3-0-102.headless.default.svc.cluster.local.");
    assertThat(texts(ask(question).additional()))
        .containsExactlyInAnyOrder(
            "my-pet.headless.default.svc.cluster.local. 5 IN A 10.3.0.100",
            "my-pet.headless.default.svc.cluster.local. 5 IN AAAA 2001:db8:0:0:0:0:0:64",
            "my-pet-2.headless.default.svc.cluster.local. 5 IN A 10.3.0.101",
            "10-3-0-102.headless.default.svc.cluster.local. 5 IN A 10.3.0.102");
  }

  @Test
  void section2_4_2_unnamedPortsHaveNoRecord() {
    assertNoName("_._udp.headless.default.svc.cluster.local. SRV");
  }

  @Test
  void section2_4_3_theNameOfABackendsAddress() {
    assertThat(answers("100.0.3.10.in-addr.arpa. PTR"))
        .containsExactly(
            "100.0.3.10.in-addr.arpa. 5 IN PTR my-pet.headless.default.svc.cluster.local.");
    assertThat(answers("102.0.3.10.in-addr.arpa. PTR"))
        .containsExactly(
            "102.0.3.10.in-addr.arpa. 5 IN PTR 10-3-0-102.headless.default.svc.cluster.local.");
    assertNoName("103.0.3.10.in-addr.arpa. PTR");
  }

  @Test
  void section2_6_podsByTheirAddress() {
    assertThat(answers("10-244-1-2.default.pod.cluster.local. A"))
        .containsExactly("10-244-1-2.default.pod.cluster.local. 5 IN A 10.244.1.2");
    assertThat(answers("2001-db8--1.default.pod.cluster.local. AAAA"))
        .containsExactly("2001-db8--1.default.pod.cluster.local. 5 IN AAAA 2001:db8:0:0:0:0:0:1");
    assertNoData("10-244-1-2.default.pod.cluster.local. AAAA");
    assertNoName("10-244-1-256.default.pod.cluster.local. A");
    assertNoName("10-244-1.default.pod.cluster.local. A");
    assertNoName("web.default.pod.cluster.local. A");
  }

  @Test
  void section2_1_theCaseOfLettersDoesNotMatter() {
    assertThat(answers("KUBERNETES.Default.SVC.cluster.LOCAL. A"))
        .containsExactly("KUBERNETES.Default.SVC.cluster.LOCAL. 5 IN A 10.3.0.1");
    assertThat(answers("_HTTPS._TCP.Kubernetes.default.svc.cluster.local. SRV")).hasSize(1);
    assertThat(answers("My-Pet.headless.default.svc.cluster.local. A")).hasSize(1);
  }

  @Test
  void theZoneSaysWhoRulesOverIt() {
    assertThat(answers("cluster.local. SOA"))
        .containsExactly(
            "cluster.local. 5 IN SOA ns.dns.cluster.local. hostmaster.cluster.local."
                + " 1 7200 1800 86400 5");
    assertThat(answers("cluster.local. NS"))
        .containsExactly("cluster.local. 5 IN NS ns.dns.cluster.local.");
    assertThat(answers("ns.dns.cluster.local. A"))
        .containsExactly("ns.dns.cluster.local. 5 IN A 169.254.20.10");
    assertThat(answers("3.10.in-addr.arpa. SOA")).hasSize(1);
  }

  @Test
  void namesThatOnlyHaveOthersBelowThemHaveNoRecords() {
    assertNoData("cluster.local. A");
    assertNoData("svc.cluster.local. A");
    assertNoData("default.svc.cluster.local. A");
    assertNoData("_tcp.kubernetes.default.svc.cluster.local. SRV");
    assertNoData("pod.cluster.local. A");
    assertNoData("default.pod.cluster.local. A");
    assertNoData("dns.cluster.local. A");
    assertNoData("0.3.10.in-addr.arpa. PTR");
    assertNoData("kubernetes.default.svc.cluster.local. TXT");
  }

  @Test
  void otherNamesAreNot() {
    assertNoName("nothing.default.svc.cluster.local. A");
    assertNoName("kubernetes.other.svc.cluster.local. A");
    assertNoName("other.svc.cluster.local. A");
    assertNoName("www.example.com.cluster.local. A");
    assertNoName("www.example.com.default.svc.cluster.local. A");
    assertNoName("x.kubernetes.default.svc.cluster.local. A");
    assertNoName("-.default.svc.cluster.local. A");
    assertNoName("a\\.b.default.svc.cluster.local. A");
    assertNoName("9.0.3.10.in-addr.arpa. PTR");
    assertNoName("1.1.0.3.10.in-addr.arpa. PTR");
  }

  @Test
  void namesOfOthersAreNotAnswered() throws TextParseException {
    for (String name :
        List.of("example.com.", "local.", "notcluster.local.", "1.0.4.10.in-addr.arpa.", "arpa.")) {
      assertThat(NAMES.answer(Question.of(Name.fromString(name), Type.A))).as(name).isEmpty();
    }
  }
}
