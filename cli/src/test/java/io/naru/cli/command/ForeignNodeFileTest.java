package io.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.Documents;
import io.naru.api.NodeRow;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignNodeFileTest {
  private static List<String> mistakes(String text) {
    NaruException refused =
        catchThrowableOfType(NaruException.class, () -> ForeignNodeFile.parse(text, "nodes.yaml"));
    assertThat(refused).returns(ErrorCode.BAD_INPUT, NaruException::code);
    return refused.sentence().lines().skip(1).map(String::strip).toList();
  }

  @Test
  void theDocumentedFileIsRead() {
    Matcher example =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Documents.read("docs/interoperation.md"));
    assertThat(example.find()).isTrue();
    assertThat(ForeignNodeFile.parse(example.group(1), "docs"))
        .singleElement()
        .returns(new NodeName("legacy1"), ForeignNode::name)
        .returns(MacAddress.parse("02:00:5e:10:00:05"), ForeignNode::vtepMac)
        .satisfies(node -> assertThat(node.podCidrs()).hasSize(2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"name\":\"a\",\"addresses\":[\"192.0.2.1\"],\"vtepMac\":\"02:00:00:00:00:01\","
            + "\"podCidrs\":[\"10.244.9.0/24\"]}]",
        "[{name: a, addresses: [192.0.2.1], vtepMac: 02:00:00:00:00:01, podCidrs: [10.244.9.0/24]}]",
        "- name: a\n  addresses: [192.0.2.1]\n  vtepMac: 02:00:00:00:00:01\n"
            + "  podCidrs:\n  - 10.244.9.0/24\n",
      })
  void jsonAndBothKindsOfYamlSayTheSame(String text) {
    assertThat(ForeignNodeFile.parse(text, "text"))
        .singleElement()
        .asString()
        .contains("name=a", "192.0.2.1", "02:00:00:00:00:01", "10.244.9.0/24");
  }

  @Test
  void everyMistakeIsNamedByItsEntry() {
    assertThat(
            mistakes(
                """
                - {name: UPPER, addresses: [192.0.2.1], vtepMac: 02:00:00:00:00:01, podCidrs: [10.244.9.0/24]}
                - {name: fine, addresses: [192.0.2.1], vtepMac: 02:00:00:00:00:01, podCidrs: [10.244.9.0/24]}
                - {name: b, addresses: [nowhere, 192.0.2.300], podCidrs: 10.244.9.0/24, mtu: 1}
                - 7
                - {name: 5, addresses: [], vtepMac: [1], podCidrs: [10.244.9.1/24]}
                """))
        .satisfiesExactly(
            m -> assertThat(m).startsWith("entry 1, node UPPER: name: 'UPPER' is not a node name"),
            m -> assertThat(m).startsWith("entry 3, node b: there is no key 'mtu'"),
            m -> assertThat(m).startsWith("entry 3, node b: vtepMac is missing"),
            m -> assertThat(m).startsWith("entry 3, node b: addresses: 'nowhere'"),
            m -> assertThat(m).startsWith("entry 3, node b: addresses: '192.0.2.300'"),
            m -> assertThat(m).startsWith("entry 3, node b: podCidrs must be a list"),
            m -> assertThat(m).startsWith("entry 4: it must have the keys"),
            m -> assertThat(m).startsWith("entry 5, node 5: name must be text"),
            m -> assertThat(m).startsWith("entry 5, node 5: vtepMac must be text"),
            m ->
                assertThat(m).startsWith("entry 5, node 5: podCidrs: 10.244.9.1/24 has host bits"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "[]", "name: a", "- [", "- a: 1\n  a: 2", "[{\"a\":1,\"a\":2}]"})
  void whatIsNoListOfNodesIsRefused(String text) {
    assertThat(
            catchThrowableOfType(
                NaruException.class, () -> ForeignNodeFile.parse(text, "nodes.yaml")))
        .returns(ErrorCode.BAD_INPUT, NaruException::code)
        .hasMessageContaining("nodes.yaml");
  }

  @Test
  void theOtherHostsCommandsAreThoseOfTheDocument() {
    NodeRow node =
        new NodeRow(
            "node2",
            "agent",
            List.of("192.0.2.12", "2001:db8::12"),
            List.of("10.244.1.0/24"),
            "2e:15:2c:26:e9:48",
            1,
            8472,
            8472,
            "vxlan",
            "",
            Optional.empty());
    String document = Documents.read("docs/interoperation.md");
    assertThat(NodeExport.script(node, "flannel.1", IpFamily.IPV4).lines().skip(1))
        .hasSize(3)
        .allMatch(document::contains);
    assertThat(NodeExport.script(node, "flannel.1", IpFamily.IPV6)).contains("dst 2001:db8::12");
  }
}
