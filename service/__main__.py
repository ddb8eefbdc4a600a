"""The command `precedent`."""

import gc


def main() -> None:
    """Import the program, then run what the command line asks for.

    What is imported stays, so the cycle collector rests meanwhile and leaves it alone from then on: it
    would look through all of it again and again, which takes a tenth of a start.
    """
    gc.disable()
    from service.commands.program import run

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
