package io.naru.e2e;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** containerd, configured as docs/runtimes.md says, and called as kubelet calls it. */
final class Containerd implements PodRuntime {
  private static final String LOG = "containerd.log";
  private static final String SOCKET = "/run/containerd/containerd.sock";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TestHost host;
  private Process daemon;
  private CriClient client;

  Containerd(TestHost host) {
    this.host = host;
  }

  @Override
  public void start() {
    if (daemon == null) {
      // The sandbox's image, and what a machine needs that may not raise scores.
      RuntimeFiles.write(
          host,
          "/etc/containerd/config.toml",
          RuntimeFiles.documented("/etc/containerd/config.toml")
              + """
              [plugins."io.containerd.grpc.v1.cri"]
                sandbox_image = "%s"
                restrict_oom_score_adj = true
                disable_tcp_service = true
              """
                  .formatted(TestImage.NAME));
      launch();
      String image = RuntimeFiles.image(host);
      host.shell("ctr --namespace k8s.io images import " + image);
    } else {
      launch();
    }
  }

  private void launch() {
    daemon = host.start(Map.of(), LOG, List.of("containerd"));
    TestLab.within(TestLab.LONGEST).until(() -> Files.exists(host.file(SOCKET)));
    client = new CriClient(host.file(SOCKET));
    TestLab.within(TestLab.LONGEST)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              if (!daemon.isAlive()) {
                throw new AssertionError("containerd ended: " + host.log(LOG));
              }
              client.sandboxes();
            });
  }

  @Override
  public void kill() {
    TestHost.kill(daemon);
    client.close();
  }

  @Override
  public void create(String pod) {
    client.run(pod, 0, "/" + host.mark());
  }

  /** Half a sandbox is never made whole: kubelet makes another one. */
  @Override
  public void resume() {}

  /** As kubelet does it: the new sandbox comes before the old one is removed. */
  @Override
  public void restart(String pod) {
    CriClient.Sandbox old = sandbox(pod);
    client.stop(old.id());
    client.run(pod, old.attempt() + 1, "/" + host.mark());
    client.remove(old.id());
  }

  @Override
  public void remove(String pod) {
    remove(sandbox(pod));
  }

  private void remove(CriClient.Sandbox sandbox) {
    client.stop(sandbox.id());
    client.remove(sandbox.id());
  }

  @Override
  public void removeAllBut(String pod) {
    InParallel.run(
        client.sandboxes().stream().filter(sandbox -> !sandbox.pod().equals(pod)).toList(),
        this::remove);
  }

  @Override
  public Set<String> pods() {
    return client.sandboxes().stream()
        .map(CriClient.Sandbox::pod)
        .collect(Collectors.toUnmodifiableSet());
  }

  private CriClient.Sandbox sandbox(String pod) {
    return client.sandboxes().stream()
        .filter(sandbox -> sandbox.pod().equals(pod))
        .findFirst()
        .orElseThrow(() -> new AssertionError("containerd has no sandbox of " + pod));
  }

  @Override
  public String address(String pod) {
    return client.address(sandbox(pod).id());
  }

  @Override
  public void killFirstProcess(String pod) {
    int process = JSON.readTree(client.details(sandbox(pod).id())).path("pid").asInt();
    host.shell("kill -KILL " + process);
  }

  @Override
  public boolean hasEnded(String pod) {
    return !sandbox(pod).ready();
  }

  /** Now and then one whose sandbox failed before it was written down. */
  @Override
  public boolean losesNamespaces() {
    return true;
  }

  @Override
  public String toString() {
    return "containerd";
  }
}
