package io.naru.core.configuration;

/**
 * One thing that is wrong in a configuration.
 *
 * @param key the key as it was written
 * @param problem what is wrong with it, a clause for people
 * @param wouldBeRight what to write instead, a clause for people
 */
public record ConfigurationMistake(String key, String problem, String wouldBeRight) {
  @Override
  public String toString() {
    return key + ": " + problem + "; " + wouldBeRight;
  }
}
