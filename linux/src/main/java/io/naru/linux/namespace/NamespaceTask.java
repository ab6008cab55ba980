package io.naru.linux.namespace;

/**
 * Work that is done inside a network namespace.
 *
 * @param <T> what it returns
 * @param <X> the checked exception it may throw; the compiler infers RuntimeException for none
 */
@FunctionalInterface
public interface NamespaceTask<T, X extends Exception> {
  T call() throws X;
}
