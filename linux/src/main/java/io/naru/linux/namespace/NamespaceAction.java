package io.naru.linux.namespace;

/**
 * Work that is done inside a network namespace and returns nothing.
 *
 * @param <X> the checked exception it may throw
 */
@FunctionalInterface
public interface NamespaceAction<X extends Exception> {
  void run() throws X;
}
