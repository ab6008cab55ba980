package io.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.channel.identity.ClusterAuthority;
import io.naru.channel.identity.PendingIdentity;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host whose own name is no node's name. */
class SilentNodeTest {
  private static final NodeName NODE = new NodeName("node7");

  @TempDir private Path directory;
  private final NodeOptions options = new NodeOptions();

  @BeforeEach
  void called() {
    options.name = "build_host.";
    options.run = directory;
    options.state = directory;
    options.serverSocket = directory.resolve("server.sock");
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneThatNeverJoinedIsPassedOver() {
    assertThatThrownBy(() -> options.agent(null))
        .extracting(failure -> ((NaruException) failure).code())
        .isEqualTo(ErrorCode.BAD_INPUT);
    assertThat(SilentNode.here(options)).isEmpty();
    assertThatThrownBy(() -> SilentNode.evidence(options))
        .extracting(failure -> ((NaruException) failure).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void oneThatJoinedIsWhatItJoinedAs() {
    PendingIdentity pending = PendingIdentity.in(directory.resolve("identity"), NODE);
    ClusterAuthority authority = ClusterAuthority.create(InstantSource.system());
    pending
        .complete(
            authority.issue(pending.request(), NODE, false).stream()
                .map(SilentNodeTest::encoded)
                .toList())
        .save(directory.resolve("identity"));
    assertThat(options.member().orElseThrow().intent().name()).isEqualTo(NODE);
  }

  @Test
  void whatIsLeftOfOneDoesNotStandBeforeALabThatIsNamed() throws Exception {
    Files.createDirectory(directory.resolve("identity"));
    AgentSource source = new AgentSource();
    source.lab = "another";
    assertThat(source.isSilentHere()).isFalse();
    assertThat(source.isLab()).isTrue();
    assertThat(SilentNode.here(options)).as("a directory alone is no identity").isEmpty();
  }
}
