/** The cluster's shared state behind one interface, whatever keeps it. */
@NullMarked
package io.naru.store;

import org.jspecify.annotations.NullMarked;
