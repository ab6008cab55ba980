/** What a captured frame says: its headers, read with bounds. */
@NullMarked
package io.naru.observe.packet;

import org.jspecify.annotations.NullMarked;
