/** The text that a bare `ifdepd` prints. */
export const synopsis = `usage: ifdepd [-v|-q] [-d] -S src[:src...] -D dst[:dst...]
       ifdepd [-v|-q] [-d] -f FILE
       ifdepd COMMAND [...]`;
