/**
 * What commands need for dictionaries of image patches.
 *
 * <p>{@link io.millrace.cli.dictionary.BundledPatches} reads the patches that are bundled with the
 * command line; demo and benchmark learn from the same ones. {@link
 * io.millrace.cli.dictionary.TileImage} draws square grey tiles in a grid and gives a PNG: the
 * atoms of a dictionary, or patches before and after reconstruction.
 *
 * <p>Numbers come in, row by row; an image leaves. No display is needed.
 *
 * <p>The photographs are under CC BY 2.0; whoever shows patches shows the attribution that comes
 * with them.
 *
 * <p>Not thread-safe.
 *
 * <p>Begin with {@link io.millrace.cli.dictionary.TileImage}.
 *
 * <p>May use {@code client, golden.dictionary}.
 */
package io.millrace.cli.dictionary;
