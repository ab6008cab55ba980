package io.naru.store.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.channel.TcpAddress;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.identity.NodeIdentity;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.Sample;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;

class StoreServerRenewalTest extends StoreServerFixture {
  private static X509Certificate shown(TcpAddress address) throws Exception {
    SSLContext anyone = SSLContext.getInstance("TLSv1.3");
    anyone.init(null, new TrustManager[] {new TrustsAnyone()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            anyone
                .getSocketFactory()
                .createSocket(address.address().toInetAddress(), address.port())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  /** Looks at certificates only. */
  private static final class TrustsAnyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void theServersOwnCertificateIsMadeAnewBeforeItExpires() throws Exception {
    Instant now = Instant.now();
    AtomicReference<Instant> clock = new AtomicReference<>(now.minus(Duration.ofDays(300)));
    StoreServer server =
        opened(
            new StoreServer(
                directory.resolve("data"),
                socket(),
                List.of(TcpAddress.parse("127.0.0.1:0")),
                Optional.of(Sample.dualStack()),
                clock::get));
    server.start();
    TcpAddress address = server.addresses().getFirst();
    X509Certificate first = shown(address);
    assertThat(shown(address)).isEqualTo(first);

    clock.set(now);
    X509Certificate second = shown(address);
    assertThat(second.getNotAfter().toInstant()).isAfter(now.plus(Duration.ofDays(360)));
    assertThat(shown(address)).isEqualTo(second).isNotEqualTo(first);
    JoinToken token = server.createToken(List.of(address), HOUR);
    assertThat(remote(join(token, 1, "node1"), address).configuration())
        .isEqualTo(Sample.dualStack());
  }

  @Test
  void theAgentOfTheServersHostRenewsThroughTheSocketAndStaysTheServersVoice() throws Exception {
    server(Optional.empty(), Sample.dualStack());
    NodeIdentity agent = Joining.joinLocally(socket(), Sample.name(1), directory.resolve("agent"));
    NodeIdentity renewed = local().renew(agent);
    assertThat(renewed.name()).isEqualTo(Sample.name(1));
    assertThat(renewed.chain().getFirst()).isNotEqualTo(agent.chain().getFirst());
    assertThat(renewed.chain().getFirst().getSubjectAlternativeNames().toString())
        .contains("node1", "naru-server");

    local().withdrawNode(Sample.name(1));
    assertThat(refusal(() -> local().renew(agent)))
        .returns(ErrorCode.NOT_AUTHENTICATED, NaruException::code);
  }
}
