/** The cluster's state as a value, and the pure rules by which a command changes it. */
@NullMarked
package io.naru.store.state;

import org.jspecify.annotations.NullMarked;
