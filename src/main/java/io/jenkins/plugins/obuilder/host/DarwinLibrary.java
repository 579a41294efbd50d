package io.jenkins.plugins.obuilder.host;

import com.sun.jna.FunctionMapper;
import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Map;
import java.util.Set;

/**
 * libSystem, which every process of macOS has loaded already. Functions with a 64-bit inode have a name of their own on Intel, where those
 * of the plain name are kept for programs of 2005 (__DARWIN_INODE64 in sys/cdefs.h; libsyscall/Platforms/MacOSX/x86_64/syscall.map of xnu;
 * src/unix/mod.rs of rust-lang/libc).
 */
final class DarwinLibrary {
    /** Names another library instead, whose functions are called {@code darwin_NAME}: for tests. */
    static final String PROPERTY = "obuilder.libsystem";

    private static final Set<String> WITH_INODES =
            Set.of("fstat", "fstatat", "statfs", "getfsstat", "fdopendir", "readdir_r");

    private static final String NAME = System.getProperty(PROPERTY);

    private DarwinLibrary() {}

    /** The name of a function of libSystem on a processor ({@code os.arch}). */
    static String symbol(String function, String architecture) {
        boolean intel = architecture.equals("x86_64") || architecture.equals("amd64");
        return intel && WITH_INODES.contains(function) ? function + "$INODE64" : function;
    }

    private static Map<String, Object> options() {
        FunctionMapper mapper = (library, method) ->
                NAME == null ? symbol(method.getName(), System.getProperty("os.arch")) : "darwin_" + method.getName();
        return Map.of(Library.OPTION_FUNCTION_MAPPER, mapper);
    }

    /** Binds the native methods of a class. */
    static void bind(Class<?> type) {
        NativeLibrary library =
                NAME == null ? NativeLibrary.getProcess(options()) : NativeLibrary.getInstance(NAME, options());
        Native.register(type, library);
    }

    /** An object whose methods are functions, for those that take a variable number of arguments. */
    static <T extends Library> T load(Class<T> type) {
        return Native.load(NAME, type, options());
    }

    /**
     * The result of a call, unless it is negative. That alone tells a failure: functions of libSystem that succeed may leave an error number
     * behind, so none of ours is declared to throw by it.
     */
    static int checked(int result) throws LastErrorException {
        if (result < 0) {
            throw new LastErrorException(Native.getLastError());
        }
        return result;
    }

    static long checked(long result) throws LastErrorException {
        if (result < 0) {
            throw new LastErrorException(Native.getLastError());
        }
        return result;
    }
}
