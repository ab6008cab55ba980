/** A store in a file: what it acknowledged is on the disk. */
@NullMarked
package io.naru.store.embedded;

import org.jspecify.annotations.NullMarked;
