/** What `--help` prints. */
export const usage = `Usage: npm run -s glidepath -- COMMAND

  ups list [--json]
      Every UPS on USB and on the configured NUT and apcupsd servers, with its state.
  ups dump [--raw] [--serial] [-o FILE] [UPS]
      What a UPS on USB tells, as text for a bug report: its report descriptor and reports, and what they mean.
      --raw: only the bytes. --serial: with its serial number, which is left out otherwise.
      UPS: its id or name as "ups list" prints it; not needed if there is only one.
      "ups decode FILE FILE" reads the file back.
  ups decode DESCRIPTOR.hex PROFILE.tsv
      The values in captured reports, as one JSON object.
  ups watch [--for SECONDS]
      One line for every change, and one every 10 s. Ctrl+C ends it.

  daemon
      Glidepath without a window: watches, decides and runs until it is ended. A shutdown past its point of no return is
      finished first. Secrets come from CREDENTIALS_DIRECTORY: assets/systemd/README.md.
  plan FILE
      Compiles a sequence against the hosts: its hash, times, critical path and problems.
  rehearse FILE
      Looks whether every step would work, and switches nothing off.
  run FILE --simulate [--load 1.5] [--hang HOST] [--back-at SECONDS]
      Plays an outage through, with more load, a host that hangs, or the mains back so many seconds after the cut.
  status [--json]
      What the Glidepath shows that controls the data folder, the daemon or the application.
  arm HASH
      Arms the stored sequence that has the hash, after a yes on the terminal. For machines without a window.
  disarm
      After a yes on the terminal.

Each of these takes --data FOLDER: the data folder. Without it GLIDEPATH_DATA names it, or it is that of the application.

Ends with 0 when all is well, 1 after a fault or when a plan has errors or a rehearsed step fails, 2 when the command was
not understood, 3 when "status" finds no Glidepath.
`;
