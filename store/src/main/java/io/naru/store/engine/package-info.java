/** The single writer of a store's state: commands in order, one commit for many, watches fed. */
@NullMarked
package io.naru.store.engine;

import org.jspecify.annotations.NullMarked;
