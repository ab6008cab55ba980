package io.naru.e2e;

/** Pods made by podman. */
class PodmanTest extends RuntimeContract {
  @Override
  PodRuntime runtimeOn(TestHost host) {
    return new Podman(host);
  }
}
