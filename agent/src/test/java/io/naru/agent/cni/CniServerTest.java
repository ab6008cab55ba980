package io.naru.agent.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CniServerTest {
  private final RecordingService service = new RecordingService();
  private final CniServer server = new CniServer(service);

  private static String configuration(String version, String more) {
    return "{\"cniVersion\":\""
        + version
        + "\",\"name\":\"naru\",\"type\":\"naru-cni\""
        + more
        + "}";
  }

  private static CniRequest request(String command, String configuration) {
    return new CniRequest(
        command,
        "c1",
        "/run/netns/p1",
        "eth0",
        "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web",
        "/opt/cni/bin",
        configuration);
  }

  private static JsonNode json(CniReply reply) {
    return JsonMapper.shared().readTree(reply.output());
  }

  private void assertError(CniReply reply, int code, String... words) {
    assertThat(reply.exitCode()).isEqualTo(1);
    assertThat(json(reply).get("code").asInt()).as(reply.output()).isEqualTo(code);
    for (String word : words) {
      assertThat(json(reply).get("msg").asString()).contains(word);
    }
  }

  @Test
  void readsTheLineOfTheProgram() {
    JsonNode line =
        JsonMapper.shared()
            .readTree(
                "{\"operation\":\"cni\",\"command\":\"ADD\",\"containerId\":\"c1\","
                    + "\"netns\":\"/run/netns/p1\",\"ifName\":\"eth0\",\"args\":\"\","
                    + "\"path\":\"/opt\",\"config\":\"{}\"}");
    assertThat(CniRequest.of(line))
        .isEqualTo(new CniRequest("ADD", "c1", "/run/netns/p1", "eth0", "", "/opt", "{}"));
    assertThat(CniRequest.of(JsonMapper.shared().readTree("{\"command\":7}")).command()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everyVersionGetsItsOwnForm(CniVersion version) {
    CniReply reply = server.handle(request("ADD", configuration(version.toString(), "")));

    JsonNode result = json(reply);
    assertThat(reply.exitCode()).isZero();
    assertThat(result.get("cniVersion").asString()).isEqualTo(version.toString());
    assertThat(result.at("/interfaces/0/name").asString()).matches("naru[0-9a-f]{11}");
    assertThat(result.at("/interfaces/0").has("sandbox")).isFalse();
    assertThat(result.at("/interfaces/1/name").asString()).isEqualTo("eth0");
    assertThat(result.at("/interfaces/1/sandbox").asString()).isEqualTo("/run/netns/p1");
    assertThat(result.at("/interfaces/1").has("mtu")).isEqualTo(version.atLeast(CniVersion.V1_1_0));
    boolean families = !version.atLeast(CniVersion.V1_0_0);
    assertThat(result.at("/ips/0").has("version")).isEqualTo(families);
    if (families) {
      assertThat(result.at("/ips/0/version").asString()).isEqualTo("4");
      assertThat(result.at("/ips/1/version").asString()).isEqualTo("6");
    }
    assertThat(result.at("/ips/0/address").asString()).isEqualTo("10.244.1.2/32");
    assertThat(result.at("/ips/0/gateway").asString()).isEqualTo("10.244.1.1");
    assertThat(result.at("/ips/0/interface").asInt()).isEqualTo(1);
    assertThat(result.at("/ips/1/address").asString()).isEqualTo("fd00:1::2/128");
    assertThat(result.at("/routes/0/dst").asString()).isEqualTo("0.0.0.0/0");
    assertThat(result.at("/routes/1/dst").asString()).isEqualTo("::/0");
    assertThat(result.at("/routes/1/gw").asString()).isEqualTo("fd00:1::1");
    assertThat(result.get("dns").isEmpty()).isTrue();
    assertThat(service.calls)
        .singleElement()
        .asString()
        .startsWith("add c1/eth0 naru /run/netns/p1")
        .contains("K8S_POD_NAME=web");
  }

  @Test
  void aPodIsToldOfItsNodesOwnDnsServerWhereNobodySaysOtherwise() {
    service.names =
        new NamesAnswered(
            List.of(IpAddress.parse("169.254.20.10"), IpAddress.parse("fd00:6e61:7275::53")),
            "cluster.local");
    JsonNode dns = json(server.handle(request("ADD", configuration("1.0.0", "")))).get("dns");
    assertThat(dns.at("/nameservers/0").asString()).isEqualTo("169.254.20.10");
    assertThat(dns.at("/nameservers/1").asString()).isEqualTo("fd00:6e61:7275::53");
    assertThat(dns.at("/search/0").asString()).endsWith(".svc.cluster.local");
    assertThat(dns.at("/search/1").asString()).isEqualTo("svc.cluster.local");
    assertThat(dns.at("/search/2").asString()).isEqualTo("cluster.local");
    assertThat(dns.at("/options/0").asString()).isEqualTo("ndots:5");
    JsonNode said =
        json(server.handle(
                request(
                    "ADD", configuration("1.0.0", ",\"dns\":{\"nameservers\":[\"10.96.0.10\"]}"))))
            .get("dns");
    assertThat(said.at("/nameservers/0").asString()).isEqualTo("10.96.0.10");
    assertThat(said.has("search")).isFalse();
  }

  @Test
  void dnsIsPassedOn() {
    CniReply reply =
        server.handle(
            request("ADD", configuration("1.0.0", ",\"dns\":{\"nameservers\":[\"10.96.0.10\"]}")));
    assertThat(json(reply).at("/dns/nameservers/0").asString()).isEqualTo("10.96.0.10");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{|6",
        "[]|6",
        "''|6",
        "{} x|6",
        "{}|1",
        "{\"cniVersion\":\"0.2.0\",\"name\":\"n\"}|1",
        "{\"cniVersion\":1,\"name\":\"n\"}|1",
        "{\"cniVersion\":\"1.0.0\"}|7",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"-n\"}|7",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"dns\":[]}|7",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"prevResult\":[]}|7",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"runtimeConfig\":{\"ips\":[\"x\"]}}|7",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"runtimeConfig\":{\"ips\":7}}|7",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"args\":{\"cni\":{\"mac\":\"01:00:00:00:00:01\"}}}|7",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"runtimeConfig\":{\"ipRanges\":[[{}]]}}|2",
      })
  void badConfigurationsHaveTheirCode(String configuration, int code) {
    assertError(server.handle(request("ADD", configuration)), code);
    assertThat(service.calls).isEmpty();
  }

  @Test
  void badVariablesHaveTheirCode() {
    String good = configuration("1.0.0", "");
    assertError(
        server.handle(new CniRequest("NONE", "c", "/n", "eth0", "", "", good)), 4, "CNI_COMMAND");
    assertError(
        server.handle(new CniRequest("ADD", "", "/n", "eth0", "", "", good)), 4, "CNI_CONTAINERID");
    assertError(
        server.handle(new CniRequest("ADD", "c", "/n", "a/b", "", "", good)), 4, "CNI_IFNAME");
    assertError(
        server.handle(new CniRequest("ADD", "c", "", "eth0", "", "", good)), 4, "CNI_NETNS");
    assertError(
        server.handle(new CniRequest("ADD", "c", "/n", "eth0", "x", "", good)), 4, "CNI_ARGS");
    for (String bad : List.of("IP=here", "IP=10.0.0.1/99", "MAC=02:00", "MAC=ff:ff:ff:ff:ff:ff")) {
      assertError(
          server.handle(new CniRequest("ADD", "c", "/n", "eth0", bad, "", good)),
          4,
          bad.split("=")[0]);
    }
  }

  @Test
  void deletingNeedsNoNamespaceAndNoGoodArguments() {
    CniReply reply =
        server.handle(new CniRequest("DEL", "c1", "", "eth0", "x", "", configuration("1.0.0", "")));
    assertThat(reply).isEqualTo(new CniReply(0, ""));
    assertThat(reply.toLines()).isEqualTo("{\"exitCode\":0}\n\n");
    assertThat(service.calls).containsExactly("delete c1/eth0");
  }

  @Test
  void checkTellsEveryDifference() {
    String previous = ",\"prevResult\":{\"ips\":[{\"address\":\"10.244.1.2/32\"}]}";
    assertThat(server.handle(request("CHECK", configuration("0.4.0", previous))).exitCode())
        .isZero();
    assertThat(service.calls).containsExactly("check c1/eth0 /run/netns/p1 [10.244.1.2]");
    service.differences = List.of("one is gone", "two is down");
    assertError(
        server.handle(request("CHECK", configuration("0.4.0", previous))),
        102,
        "one is gone",
        "two is down");
    assertError(server.handle(request("CHECK", configuration("0.3.1", previous))), 1, "0.4.0");
  }

  @Test
  void collectsOnlyWithAList() {
    String list = ",\"cni.dev/valid-attachments\":[{\"containerID\":\"c1\",\"ifname\":\"eth0\"}]";
    assertThat(server.handle(request("GC", configuration("1.1.0", list))).exitCode()).isZero();
    assertThat(service.calls).containsExactly("collect naru [c1/eth0]");
    assertError(server.handle(request("GC", configuration("1.1.0", ""))), 7);
    assertError(server.handle(request("GC", configuration("1.0.0", list))), 1);
    assertError(
        server.handle(request("GC", configuration("1.1.0", ",\"cni.dev/valid-attachments\":[{}]"))),
        7);
    assertThat(service.calls).hasSize(1);
  }

  @Test
  void statusSaysWhyNot() {
    assertThat(server.handle(request("STATUS", configuration("1.1.0", ""))).exitCode()).isZero();
    service.failure = Optional.of(new NaruException(ErrorCode.UNAVAILABLE, "no pod CIDR yet"));
    assertError(server.handle(request("STATUS", configuration("1.1.0", ""))), 50, "no pod CIDR");
  }

  @ParameterizedTest
  @CsvSource({
    "EXHAUSTED,100",
    "UNAVAILABLE,11",
    "FILE_FAILED,5",
    "CONFLICT,101",
    "KERNEL_REFUSED,103"
  })
  void failuresHaveTheirCode(ErrorCode code, int expected) {
    service.failure = Optional.of(new NaruException(code, "it failed"));
    CniReply reply = server.handle(request("ADD", configuration("0.3.1", "")));
    assertError(reply, expected, "it failed");
    assertThat(json(reply).get("cniVersion").asString()).isEqualTo("0.3.1");
    assertThat(json(reply).get("details").asString()).isEqualTo(code.code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"cniVersion\":\"0.4.0\"}", "{\"cniVersion\":\"9\"}", "", "nonsense"})
  void versionIsAlwaysAnswered(String configuration) {
    CniReply reply = server.handle(request("VERSION", configuration));
    assertThat(reply.exitCode()).isZero();
    assertThat(json(reply).get("supportedVersions").size()).isEqualTo(5);
  }

  @Property(tries = 300)
  void anythingGetsAReplyOfOneLine(
      @ForAll String command, @ForAll String id, @ForAll String configuration) {
    CniReply reply =
        server.handle(new CniRequest(command, id, "/n", "eth0", "", "", configuration));
    assertThat(reply.exitCode()).isEqualTo(1);
    assertThat(reply.output()).doesNotContain("\n");
    assertThat(json(reply).get("msg").asString()).isNotEmpty();
  }
}
