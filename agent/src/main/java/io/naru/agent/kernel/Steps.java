package io.naru.agent.kernel;

/**
 * Told before every step that changes something lasting, so that a test can end the process between
 * any two of them.
 */
public interface Steps {
  /** For production: nobody listens, and operations may be batched. */
  Steps UNOBSERVED =
      new Steps() {
        @Override
        public void before(String step) {}

        @Override
        public boolean observed() {
          return false;
        }
      };

  void before(String step);

  /** Whether each operation must be a step of its own. */
  boolean observed();

  /** Ends the process without any clean-up before the nth step, counted from 1. */
  static Steps haltingBefore(int n) {
    return new Steps() {
      private int count;

      @Override
      public synchronized void before(String step) {
        count++;
        if (count == n) {
          System.err.println("halting before step " + n + ": " + step);
          Runtime.getRuntime().halt(137);
        }
      }

      @Override
      public boolean observed() {
        return true;
      }
    };
  }
}
