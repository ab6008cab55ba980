package io.naru.bench;

/** The least that a JVM can run: what a start costs before any of Naru's own. */
final class Trivial {
  private Trivial() {}

  public static void main(String[] arguments) {
    System.out.println("trivial");
  }
}
