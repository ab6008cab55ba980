package io.naru.e2e;

/** Pods made by containerd, as kubelet has them made. */
class ContainerdTest extends RuntimeContract {
  @Override
  PodRuntime runtimeOn(TestHost host) {
    return new Containerd(host);
  }
}
