"""What can be found: blocks of text that rooms push here when they publish and withdraw when they do not any more.

It knows a block's mark and its place, never what the block is about; nothing of a person's identity enters it.
Its page is in home.
"""
