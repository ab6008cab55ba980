/** A store that lives as long as its program, for tests and trials. */
@NullMarked
package io.naru.store.memory;

import org.jspecify.annotations.NullMarked;
