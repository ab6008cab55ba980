package io.naru.doctor.ends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.NaruException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of nodes: what reaches ssh and kubectl cannot be an option or more than one word. */
class EndTest {
  @Test
  void eachKindIsUnderstood() {
    assertThat(End.parse("here")).isEqualTo(new End.Here());
    assertThat(End.parse("netns:base-node1")).isEqualTo(new End.Namespace("base-node1"));
    assertThat(End.parse("ssh:root@172.26.50.202")).isEqualTo(new End.Ssh("root@172.26.50.202"));
    assertThat(End.parse("ssh:node-2.example.org")).isEqualTo(new End.Ssh("node-2.example.org"));
    assertThat(End.parse("kubectl:kube-system/cilium-x7k2p"))
        .isEqualTo(new End.Pod("kube-system", "cilium-x7k2p"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssh:-oProxyCommand=touch /tmp/x",
        "ssh:host name",
        "ssh:host;reboot",
        "ssh:a@b@c",
        "ssh:",
        "kubectl:-n/pod",
        "kubectl:kube-system",
        "kubectl:kube-system/-it",
        "kubectl:kube-system/a b",
        "netns:../../etc/passwd",
        "netns:",
        "no-such-file.json",
        "file\0name"
      })
  void whatCannotBeANodeIsRefused(String text) {
    assertThatThrownBy(() -> End.parse(text)).isInstanceOf(NaruException.class);
  }
}
